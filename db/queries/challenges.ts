import { and, count, desc, eq, gt, inArray, isNull, lt, lte, ne, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../client.ts'
import { challenges } from '../schema/tables.ts'

export type Challenge = typeof challenges.$inferSelect

/** Times at which a challenge was made, epoch milliseconds. */
interface Made {
  after: number
  until: number
}

const madeIn = ({ after, until }: Made) => and(gt(challenges.createdAt, after), lte(challenges.createdAt, until))

export async function insertChallenge(tx: Tx, challenge: typeof challenges.$inferInsert) {
  await tx.insert(challenges).values(challenge)
}

export async function findChallenge(tx: Reader, id: string) {
  const [challenge] = await tx.select().from(challenges).where(eq(challenges.id, id))
  return challenge ?? null
}

/** Null when none of these purposes is live or the tries are spent. Counts and checks in one statement, so guesses cannot race. */
export async function countAttempt(tx: Tx, id: string, purposes: readonly string[], now: number, max: number) {
  const [challenge] = await tx
    .update(challenges)
    .set({ attempts: sql`${challenges.attempts} + 1` })
    .where(
      and(
        eq(challenges.id, id),
        inArray(challenges.purpose, purposes),
        gt(challenges.expiresAt, now),
        lt(challenges.attempts, max),
        isNull(challenges.consumedAt),
      ),
    )
    .returning()
  return challenge ?? null
}

/** Gives one counted try back: it was right, and only something else is missing. */
export async function giveAttemptBack(tx: Tx, id: string) {
  await tx
    .update(challenges)
    .set({ attempts: sql`${challenges.attempts} - 1` })
    .where(and(eq(challenges.id, id), gt(challenges.attempts, 0)))
}

/** True for exactly one caller. */
export async function consumeChallenge(tx: Tx, id: string, now: number) {
  const rows = await tx
    .update(challenges)
    .set({ consumedAt: now })
    .where(and(eq(challenges.id, id), gt(challenges.expiresAt, now), isNull(challenges.consumedAt)))
    .returning({ id: challenges.id })
  return rows.length > 0
}

/** Uses up the link alone; the code stays good for the browser that asked. True for exactly one caller. */
export async function consumeLink(tx: Tx, id: string, now: number) {
  const rows = await tx
    .update(challenges)
    .set({ linkUsedAt: now })
    .where(
      and(
        eq(challenges.id, id),
        gt(challenges.expiresAt, now),
        isNull(challenges.consumedAt),
        isNull(challenges.linkUsedAt),
      ),
    )
    .returning({ id: challenges.id })
  return rows.length > 0
}

/** Challenges of an address and purpose, decoys included, made then and whose code is not used. */
export async function countLiveChallenges(tx: Tx, emailKey: string, purpose: string, made: Made) {
  const [row] = await tx
    .select({ live: count() })
    .from(challenges)
    .where(
      and(
        eq(challenges.emailKey, emailKey),
        eq(challenges.purpose, purpose),
        madeIn(made),
        isNull(challenges.consumedAt),
      ),
    )
  return Number(row?.live ?? 0)
}

/** Makes room: deletes the oldest live challenge of this browser. True when there was one. */
export async function deleteOldestOfDevice(tx: Tx, emailKey: string, purpose: string, deviceHash: string, made: Made) {
  const [oldest] = await tx
    .select({ id: challenges.id })
    .from(challenges)
    .where(
      and(
        eq(challenges.emailKey, emailKey),
        eq(challenges.purpose, purpose),
        eq(challenges.deviceHash, deviceHash),
        madeIn(made),
        isNull(challenges.consumedAt),
      ),
    )
    .orderBy(challenges.createdAt)
    .limit(1)
  if (oldest) await tx.delete(challenges).where(eq(challenges.id, oldest.id))
  return oldest !== undefined
}

/** The newest challenge of a pending sign-up that can still be answered from this browser. */
export async function findNewestChallenge(tx: Tx, userId: string, deviceHash: string, made: Made) {
  const [challenge] = await tx
    .select({ id: challenges.id, createdAt: challenges.createdAt })
    .from(challenges)
    .where(
      and(
        eq(challenges.userId, userId),
        eq(challenges.deviceHash, deviceHash),
        madeIn(made),
        isNull(challenges.consumedAt),
      ),
    )
    .orderBy(desc(challenges.createdAt))
    .limit(1)
  return challenge ?? null
}

/** Clears all challenges of an address: a change of the password makes whatever was asked for before it worthless. */
export async function deleteChallenges(tx: Tx, emailKey: string) {
  await tx.delete(challenges).where(eq(challenges.emailKey, emailKey))
}

/** Clears what a success makes worthless: the other challenges of the address, of one purpose or of all. */
export async function deleteOtherChallenges(tx: Tx, emailKey: string, exceptId: string, purpose?: string) {
  await tx
    .delete(challenges)
    .where(
      and(
        eq(challenges.emailKey, emailKey),
        ne(challenges.id, exceptId),
        purpose === undefined ? undefined : eq(challenges.purpose, purpose),
      ),
    )
}
