import { desc, eq, inArray, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../client.ts'
import { messages } from '../schema/tables.ts'

export type MessageRow = typeof messages.$inferSelect

/** A message that is already there is left alone: a retry of the same mail is the same mail. */
export async function insertMessage(tx: Tx, row: MessageRow): Promise<void> {
  await tx.insert(messages).values(row).onConflictDoNothing()
}

/** Newest first; those to one address, in any case, when `to` is given. */
export async function selectMessages(tx: Reader, to?: string): Promise<MessageRow[]> {
  return await tx
    .select()
    .from(messages)
    .where(to === undefined ? undefined : eq(sql`lower(${messages.recipient})`, to.toLowerCase()))
    .orderBy(desc(messages.createdAt), desc(messages.id))
}

export async function selectMessage(tx: Reader, id: string): Promise<MessageRow | null> {
  const [row] = await tx.select().from(messages).where(eq(messages.id, id))
  return row ?? null
}

export async function deleteAllMessages(tx: Tx): Promise<void> {
  await tx.delete(messages)
}

/** Keeps the newest `keep`. Called after each insert, so there is never more than a handful to delete. */
export async function deleteOldestMessages(tx: Tx, keep: number): Promise<void> {
  const oldest = tx
    .select({ id: messages.id })
    .from(messages)
    .orderBy(desc(messages.createdAt), desc(messages.id))
    .limit(keep)
    .offset(keep)
  await tx.delete(messages).where(inArray(messages.id, oldest))
}
