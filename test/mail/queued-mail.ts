import type { Tx } from '#db/client'
import { insertMail } from '#db/queries/outbox'
import { outbox } from '#db/schema/tables'

type Row = typeof outbox.$inferInsert

/** A row of the outbox that is due at once and never expires, unless `changes` say otherwise. */
export const queuedMail = (id: string, changes: Partial<Row> = {}): Row => ({
  id,
  template: 'verify',
  recipient: `${id}@example.com`,
  payload: `sealed-${id}`,
  attempts: 0,
  nextAt: 0,
  expiresAt: Number.MAX_SAFE_INTEGER,
  createdAt: 0,
  ...changes,
})

export async function insertMails(tx: Tx, rows: Row[]) {
  for (const row of rows) await insertMail(tx, row)
}

/** The whole outbox by id. */
export async function outboxById(tx: Tx) {
  return new Map((await tx.select().from(outbox)).map((row) => [row.id, row]))
}
