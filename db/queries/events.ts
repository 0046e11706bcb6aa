import { count, desc, gt } from 'drizzle-orm'
import type { Reader, Tx } from '../client.ts'
import { events } from '../schema/tables.ts'

/** Append only: there is no update and, short of retention, no delete. */
export async function insertEvent(tx: Tx, event: typeof events.$inferInsert) {
  await tx.insert(events).values(event)
}

/** How many of each kind are among the newest `atMost` later than `after` (epoch milliseconds). */
export function countNewestEvents(tx: Reader, { after, atMost }: { after: number; atMost: number }) {
  const newest = tx
    .select({ type: events.type, outcome: events.outcome })
    .from(events)
    .where(gt(events.at, after))
    .orderBy(desc(events.at))
    .limit(atMost)
    .as('newest')
  const { type, outcome } = newest
  return tx.select({ type, outcome, count: count() }).from(newest).groupBy(type, outcome)
}
