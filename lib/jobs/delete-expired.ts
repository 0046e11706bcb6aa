import { setTimeout as pause } from 'node:timers/promises'
import type { Db, Tx } from '#db/client'
import {
  type Deleted,
  deleteEndedLimits,
  deleteExpiredChallenges,
  deleteExpiredSessions,
  deleteFinishedMail,
  deleteOldMessages,
  deletePendingSignups,
  deleteUnusedDevices,
  type Slice,
} from '#db/queries/expired'
import { DEVICE_COOKIE_LIFETIME, PENDING_ACCOUNT_LIFETIME } from '../auth/policy.ts'
import type { JobLog } from './job-log.ts'

/** Rows a statement, each a transaction of its own. */
export const BATCH = 25
/** After each batch, times as long as it took, so that requests have half of the time. */
const REST = 1
/** One slow batch (a busy disk) is no reason to stop for long. */
const REST_MAX_MS = 100
/** A week is long enough to find out why a mail did not come. */
const MAIL_KEPT_MS = 7 * 24 * 60 * 60 * 1000

export interface DeleteExpiredDeps {
  db: Db
  now: () => number
  log: JobLog
}

type DeleteSlice = (tx: Tx, slice: Slice) => Promise<Deleted>

/** `age`: how long ago its time must be. Challenges and sessions go before the accounts that would take theirs along. */
const SWEEPS: { table: string; deleteSlice: DeleteSlice; age: number }[] = [
  { table: 'challenges', deleteSlice: deleteExpiredChallenges, age: 0 },
  { table: 'sessions', deleteSlice: deleteExpiredSessions, age: 0 },
  { table: 'users', deleteSlice: deletePendingSignups, age: PENDING_ACCOUNT_LIFETIME },
  { table: 'limits', deleteSlice: deleteEndedLimits, age: 0 },
  { table: 'outbox', deleteSlice: deleteFinishedMail, age: MAIL_KEPT_MS },
  { table: 'devices', deleteSlice: deleteUnusedDevices, age: DEVICE_COOKIE_LIFETIME },
  { table: 'messages', deleteSlice: deleteOldMessages, age: MAIL_KEPT_MS },
]

/** Slice by slice up to `until`, which stands still: what expires meanwhile is the next run's, so that this one ends. */
async function sweep(db: Db, deleteSlice: DeleteSlice, until: number, stopping: AbortSignal): Promise<number> {
  let total = 0
  for (let full = true, from = 0; full && !stopping.aborted; ) {
    const began = performance.now()
    const deleted = await db.run((tx) => deleteSlice(tx, { from, until, count: BATCH }))
    total += deleted.count
    from = deleted.upTo
    full = deleted.count === BATCH
    // SQLite answers without leaving this thread: without a rest, requests would wait for batch after batch.
    if (full) await pause(Math.min(REST * (performance.now() - began), REST_MAX_MS))
  }
  return total
}

/** Deletes everything whose time is over, table by table. Throws when the database does not answer. */
export async function deleteExpired({ db, now, log }: DeleteExpiredDeps, stopping: AbortSignal): Promise<void> {
  for (const { table, deleteSlice, age } of SWEEPS) {
    const deleted = await sweep(db, deleteSlice, now() - age, stopping)
    if (deleted > 0) log.info({ table, deleted }, 'Deleted what had expired')
  }
}
