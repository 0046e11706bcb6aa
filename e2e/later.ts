/** Loaded before everything else (`node --import`), it puts a server's clock ahead: how journeys meet what has expired. */
const AHEAD_MS = Number(process.env.E2E_CLOCK_AHEAD_MS ?? 0)
const now = Date.now.bind(Date)

class Later extends Date {
  constructor(...given: unknown[]) {
    // @ts-expect-error: whatever it was given, it is what Date takes
    super(...(given.length === 0 ? [now() + AHEAD_MS] : given))
  }
  static override now() {
    return now() + AHEAD_MS
  }
}
globalThis.Date = Later as DateConstructor
