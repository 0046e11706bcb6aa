const NUDGE = Symbol.for('vestibule.nudge')
// Next compiles routes and instrumentation into bundles that share no module state; the global object is what they share.
const shared = globalThis as unknown as Record<symbol, (() => void) | undefined>

/** Tells the sender job of this process that there is mail. Without one, another process or the next start sends it. */
export function nudgeSender(): void {
  shared[NUDGE]?.()
}

/** Who is told; `undefined` when the job has stopped. */
export function registerNudge(nudge: (() => void) | undefined): void {
  shared[NUDGE] = nudge
}
