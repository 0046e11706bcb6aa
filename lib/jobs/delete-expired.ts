import { setImmediate } from 'node:timers/promises'
import type { Db, Tx } from '#db/client'
import {
  deleteEndedLimits,
  deleteExpiredChallenges,
  deleteExpiredSessions,
  deleteFinishedMail,
  deleteOldMessages,
  deletePendingUsers,
  deleteUnusedDevices,
} from '#db/queries/expired'
import { DEVICE_COOKIE_LIFETIME, PENDING_ACCOUNT_LIFETIME } from '../auth/policy.ts'
import type { JobLog } from './job-log.ts'

/** Rows a statement: some milliseconds, after which requests get their turn. */
const BATCH = 500
/** A week is long enough to find out why a mail did not come. */
const MAIL_KEPT_MS = 7 * 24 * 60 * 60 * 1000

export interface DeleteExpiredDeps {
  db: Db
  now: () => number
  log: JobLog
}

type DeleteSome = (tx: Tx, now: number) => Promise<number>

/** Challenges and sessions go before the accounts that would take theirs along. */
const SWEEPS: [table: string, deleteSome: DeleteSome][] = [
  ['challenges', (tx, now) => deleteExpiredChallenges(tx, now, BATCH)],
  ['sessions', (tx, now) => deleteExpiredSessions(tx, now, BATCH)],
  ['users', (tx, now) => deletePendingUsers(tx, now - PENDING_ACCOUNT_LIFETIME, BATCH)],
  ['limits', (tx, now) => deleteEndedLimits(tx, now, BATCH)],
  ['outbox', (tx, now) => deleteFinishedMail(tx, now - MAIL_KEPT_MS, BATCH)],
  ['devices', (tx, now) => deleteUnusedDevices(tx, now - DEVICE_COOKIE_LIFETIME, BATCH)],
  ['messages', (tx, now) => deleteOldMessages(tx, now - MAIL_KEPT_MS, BATCH)],
]

async function sweep({ db, now }: DeleteExpiredDeps, deleteSome: DeleteSome, stopping: AbortSignal): Promise<number> {
  let total = 0
  for (let deleted = BATCH; deleted >= BATCH && !stopping.aborted; total += deleted) {
    deleted = await db.run((tx) => deleteSome(tx, now()))
    // SQLite answers without leaving this thread: without a breath here, requests would wait for the last batch.
    await setImmediate()
  }
  return total
}

/** Deletes everything whose time is over, table by table. Throws when the database does not answer. */
export async function deleteExpired(deps: DeleteExpiredDeps, stopping: AbortSignal): Promise<void> {
  for (const [table, deleteSome] of SWEEPS) {
    const deleted = await sweep(deps, deleteSome, stopping)
    if (deleted > 0) deps.log.info({ table, deleted }, 'Deleted what had expired')
  }
}
