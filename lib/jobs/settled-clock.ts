import { CLOCK_TOLERANCE } from '../auth/policy.ts'
import type { JobLog } from './job-log.ts'

/** Long enough for somebody to notice; late by a day is no harm to what waits for it. */
const BELIEVED_AFTER_MS = 24 * 60 * 60 * 1000

/**
 * A clock for what cannot be undone: deleting the trail, giving up mail. A leap forward is believed only when it has lasted
 * a day; until then this clock goes on from before it. Set back, it follows at once, since earlier deletes nothing. Each leap
 * is logged once. `wall` is epoch milliseconds; `elapsed` is milliseconds by a clock that nobody sets, and that may stand
 * still while the machine sleeps.
 */
export function settledClock(wall: () => number, elapsed: () => number, log: JobLog): () => number {
  let [time, since] = [wall(), elapsed()]
  let leaptAt: number | null = null

  function believe(now: number) {
    ;[time, since, leaptAt] = [now, elapsed(), null]
    return now
  }

  return () => {
    const [now, expected] = [wall(), time + elapsed() - since]
    const seconds = Math.round((now - expected) / 1000)
    if (now < expected - CLOCK_TOLERANCE) log.warn({ seconds }, 'The clock was set back')
    if (now <= expected + CLOCK_TOLERANCE) return believe(now)
    if (leaptAt === null) log.warn({ seconds }, 'The clock was set forward, or the machine slept')
    leaptAt ??= elapsed()
    return elapsed() - leaptAt < BELIEVED_AFTER_MS ? expected : believe(now)
  }
}
