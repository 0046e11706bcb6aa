import { randomInt } from 'node:crypto'
import type { JobLog } from './job-log.ts'

/** Long enough for the caller's transaction to commit, too short for a person to notice. */
const SOON_MS = 25

export interface Timer {
  /** Runs the work soon; once more afterwards if it is running now. */
  nudge(): void
  /** No further run starts, and the signal of a running one is aborted. Resolves when that one has ended. */
  stop(): Promise<void>
}

/** Up to a tenth more or less, so that processes started together do not stay in step. */
const withJitter = (ms: number) => randomInt(Math.floor(ms * 0.9), Math.ceil(ms * 1.1) + 1)

/**
 * Does `work` soon and then again `interval` milliseconds after each end: it never overlaps itself. What it throws is
 * logged, and the next run comes as usual.
 */
export function every(
  interval: number,
  name: string,
  work: (stopping: AbortSignal) => Promise<void>,
  log: JobLog,
): Timer {
  const stopping = new AbortController()
  let timer: NodeJS.Timeout
  let running: Promise<void> | null = null
  /** Armed for SOON_MS. Further nudges must not push that off, or a busy site would never send. */
  let soon = false
  let again = false

  function arm(delay: number) {
    soon = delay === SOON_MS
    clearTimeout(timer)
    // The jobs alone are no reason for a process to live on.
    timer = setTimeout(run, delay).unref()
  }

  async function attempt() {
    try {
      await work(stopping.signal)
    } catch (error) {
      log.error({ job: name, err: error }, 'A job failed; it runs again at its next turn')
    }
  }

  function run() {
    again = false
    running = attempt().then(() => {
      running = null
      if (!stopping.signal.aborted) arm(again ? SOON_MS : withJitter(interval))
    })
  }

  arm(SOON_MS)
  return {
    nudge() {
      if (stopping.signal.aborted) return
      if (running !== null) again = true
      else if (!soon) arm(SOON_MS)
    },
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}
