import { setTimeout as pause } from 'node:timers/promises'

/** Times as long as a batch took: requests have four fifths of the time. `npm run bench:sweep` prints what they notice. */
const REST = 4
/** One slow batch (a busy disk) is no reason to stop for long. */
const REST_MAX_MS = 100

/**
 * Between two batches, for four times as long as the one took that began at `began` (performance.now). SQLite answers without
 * leaving this thread: without a rest, requests would wait for batch after batch.
 */
export const restSince = (began: number): Promise<void> =>
  pause(Math.min(REST * (performance.now() - began), REST_MAX_MS))
