import { and, asc, between, eq, gt, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { outbox } from '../schema/tables.ts'

/** A claimed mail. `attempts` already counts the try the claim was made for. */
export type ClaimedMail = Awaited<ReturnType<typeof claimDueMail>>[number]

/** Neither gone nor given up. */
const open = () => and(isNull(outbox.sentAt), isNull(outbox.failedAt))

export async function insertMail(tx: Tx, row: typeof outbox.$inferInsert): Promise<void> {
  await tx.insert(outbox).values(row)
}

/**
 * Up to `count` mails, the longest overdue first, each lent to this caller until `leaseUntil`: a process that dies while
 * sending gives its mails back that way. Any number of processes may claim at once. `due` stands in the outer WHERE too,
 * because Postgres checks that one again after waiting for a row lock, and not the subquery.
 */
export async function claimDueMail(tx: Tx, now: number, leaseUntil: number, count: number) {
  const due = and(open(), lte(outbox.nextAt, now), gt(outbox.expiresAt, now))
  const next = tx.select({ id: outbox.id }).from(outbox).where(due).orderBy(asc(outbox.nextAt)).limit(count)
  return await tx
    .update(outbox)
    .set({ nextAt: leaseUntil, attempts: sql`${outbox.attempts} + 1` })
    .where(and(inArray(outbox.id, next), due))
    .returning({
      id: outbox.id,
      template: outbox.template,
      recipient: outbox.recipient,
      payload: outbox.payload,
      attempts: outbox.attempts,
      expiresAt: outbox.expiresAt,
    })
}

/**
 * Makes due what waits beyond `latest`, later than any wait could end: a clock that ran ahead put it there. At most `count`
 * of it; returns how much that was.
 */
export async function bringMailForward(tx: Tx, now: number, latest: number, count: number): Promise<number> {
  const beyond = and(open(), gt(outbox.nextAt, latest))
  const next = tx.select({ id: outbox.id }).from(outbox).where(beyond).orderBy(asc(outbox.nextAt)).limit(count)
  const brought = await tx
    .update(outbox)
    .set({ nextAt: now })
    .where(and(inArray(outbox.id, next), beyond))
    .returning({ id: outbox.id })
  return brought.length
}

/** Also for a mail that was given up meanwhile: what has arrived has arrived. Blanks the payload, which held the secrets. */
export async function markSent(tx: Tx, id: string, now: number): Promise<void> {
  await tx
    .update(outbox)
    .set({ sentAt: now, failedAt: null, payload: '' })
    .where(and(eq(outbox.id, id), isNull(outbox.sentAt)))
}

/** Gives a mail up for good and blanks the payload. */
export async function parkMail(tx: Tx, id: string, now: number): Promise<void> {
  await tx
    .update(outbox)
    .set({ failedAt: now, payload: '' })
    .where(and(eq(outbox.id, id), open()))
}

/** Tries again at `nextAt`; the try just made stays counted. */
export async function postponeMail(tx: Tx, id: string, nextAt: number): Promise<void> {
  await tx
    .update(outbox)
    .set({ nextAt })
    .where(and(eq(outbox.id, id), open()))
}

/** Hands a claimed mail back at `nextAt` with its try uncounted: the mail was not at fault. */
export async function returnMail(tx: Tx, id: string, nextAt: number): Promise<void> {
  await tx
    .update(outbox)
    .set({ nextAt, attempts: sql`${outbox.attempts} - 1` })
    .where(and(eq(outbox.id, id), open(), gt(outbox.attempts, 0)))
}

/**
 * Gives up mail of no use any more, at most `count` of it and the longest expired first: a code that has expired is only
 * confusing. Returns what it gave up; a decoy, which is born expired, has an empty `recipient`. Postgres takes a range from
 * both sides to be short, and so fetches a batch by its ids; from one side alone it would read a whole backlog for each.
 */
export async function dropExpiredMail(tx: Tx, now: number, count: number) {
  const expired = and(open(), between(outbox.expiresAt, 0, now))
  const oldest = tx.select({ id: outbox.id }).from(outbox).where(expired).orderBy(asc(outbox.expiresAt)).limit(count)
  return await tx
    .update(outbox)
    .set({ failedAt: now, payload: '' })
    .where(and(inArray(outbox.id, oldest), open()))
    .returning({ id: outbox.id, template: outbox.template, recipient: outbox.recipient, attempts: outbox.attempts })
}
