import type { Tx } from '../client.ts'
import { events } from '../schema/tables.ts'

/** Append only: there is no update and, short of retention, no delete. */
export async function insertEvent(tx: Tx, event: typeof events.$inferInsert) {
  await tx.insert(events).values(event)
}
