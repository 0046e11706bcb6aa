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
  let last = { now: wall(), at: elapsed() }
  /** By how much this clock goes after the wall's, and since when. */
  let [behind, leaptAt] = [0, 0]

  return () => {
    const [now, at] = [wall(), elapsed()]
    const step = now - last.now - (at - last.at)
    last = { now, at }
    if (Math.abs(step) > CLOCK_TOLERANCE) {
      const seconds = Math.round(step / 1000)
      log.warn({ seconds }, step < 0 ? 'The clock was set back' : 'The clock was set forward, or the machine slept')
      if (step > 0) leaptAt = at
      behind = Math.max(0, behind + step)
    }
    if (at - leaptAt >= BELIEVED_AFTER_MS) behind = 0
    return now - behind
  }
}
