import type { Db, Tx } from '#db/client'
import {
  type Deleted,
  deleteEndedLimits,
  deleteExpiredChallenges,
  deleteExpiredSessions,
  deleteFinishedMail,
  deleteOldEvents,
  deleteOldMessages,
  deletePendingSignups,
  deleteUnusedDevices,
  type Slice,
} from '#db/queries/expired'
import {
  CLOCK_TOLERANCE,
  DEVICE_COOKIE_LIFETIME,
  LINK_LIFETIME,
  PENDING_ACCOUNT_LIFETIME,
  SESSION_ABSOLUTE,
} from '../auth/policy.ts'
import type { JobLog } from './job-log.ts'
import { restSince } from './rest.ts'

/**
 * Rows a statement, each a transaction of its own. Few enough that a batch takes less than a sign-up does: on SQLite nothing
 * else happens in this process meanwhile. `npm run bench:growth` prints both.
 */
export const BATCH = 20
/** A week is long enough to find out why a mail did not come. */
const MAIL_KEPT_MS = 7 * 24 * 60 * 60 * 1000

export interface DeleteExpiredDeps {
  db: Db
  now: () => number
  /** See settled-clock.ts: a clock set wrong for an hour must not cost the trail. */
  settled: () => number
  /** How long an event is kept, milliseconds. */
  eventsKept: number
  log: JobLog
}

type DeleteSlice = (tx: Tx, slice: Slice) => Promise<Deleted>

/**
 * `age`: how long ago its time must be. `ahead`: a time further off than this was written by a clock that ran ahead, and would
 * come true one day. Challenges and sessions go before the accounts that would take theirs along.
 */
const SWEEPS: { table: string; deleteSlice: DeleteSlice; age: number; ahead?: number }[] = [
  {
    table: 'challenges',
    deleteSlice: deleteExpiredChallenges,
    age: 0,
    ahead: Math.max(...Object.values(LINK_LIFETIME)),
  },
  { table: 'sessions', deleteSlice: deleteExpiredSessions, age: 0, ahead: SESSION_ABSOLUTE },
  { table: 'users', deleteSlice: deletePendingSignups, age: PENDING_ACCOUNT_LIFETIME, ahead: 0 },
  { table: 'limits', deleteSlice: deleteEndedLimits, age: 0 },
  { table: 'outbox', deleteSlice: deleteFinishedMail, age: MAIL_KEPT_MS },
  { table: 'devices', deleteSlice: deleteUnusedDevices, age: DEVICE_COOKIE_LIFETIME },
  { table: 'messages', deleteSlice: deleteOldMessages, age: MAIL_KEPT_MS },
]

type Range = Pick<Slice, 'from' | 'until'>

/** Slice by slice up to `until`, which stands still: what expires meanwhile is the next run's, so that this one ends. */
async function sweep(db: Db, deleteSlice: DeleteSlice, range: Range, stopping: AbortSignal): Promise<number> {
  let total = 0
  const { until } = range
  for (let { from } = range, full = true; full && !stopping.aborted; ) {
    const began = performance.now()
    const deleted = await db.run((tx) => deleteSlice(tx, { from, until, count: BATCH }))
    total += deleted.count
    from = deleted.upTo
    full = deleted.count === BATCH
    if (full) await restSince(began)
  }
  return total
}

/** Deletes everything whose time is over, table by table. Throws when the database does not answer. */
export async function deleteExpired(deps: DeleteExpiredDeps, stopping: AbortSignal): Promise<void> {
  const { db, now, settled, eventsKept, log } = deps
  const clear = async (table: string, deleteSlice: DeleteSlice, ranges: Range[]) => {
    let deleted = 0
    for (const range of ranges) deleted += await sweep(db, deleteSlice, range, stopping)
    if (deleted > 0) log.info({ table, deleted }, 'Deleted what had expired')
  }
  for (const { table, deleteSlice, age, ahead } of SWEEPS) {
    const over = { from: 0, until: now() - age }
    const wrong =
      ahead === undefined ? [] : [{ from: now() + ahead + CLOCK_TOLERANCE + 1, until: Number.MAX_SAFE_INTEGER }]
    await clear(table, deleteSlice, [over, ...wrong])
  }
  await clear('events', deleteOldEvents, [{ from: 0, until: settled() - eventsKept }])
}
