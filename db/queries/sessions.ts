import { and, desc, eq, gt, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm'
import type { Reader, Tx } from '../client.ts'
import { prepared } from '../prepared.ts'
import { sessions, users } from '../schema/tables.ts'

export type Session = typeof sessions.$inferSelect

export async function insertSession(tx: Tx, session: typeof sessions.$inferInsert) {
  await tx.insert(sessions).values(session)
}

/** What a request needs of a session and its owner: neither the password's hash nor anything else of use to a thief. */
const checkedSession = {
  session: {
    id: sessions.id,
    createdAt: sessions.createdAt,
    lastSeenAt: sessions.lastSeenAt,
    idleLifetime: sessions.idleLifetime,
    expiresAt: sessions.expiresAt,
    absoluteExpiresAt: sessions.absoluteExpiresAt,
  },
  user: { id: users.id, email: users.email, verifiedAt: users.verifiedAt },
}

const sessionOfToken = prepared(['tokenHash', 'now'], (tx, { tokenHash, now }) =>
  tx
    .select(checkedSession)
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.tokenHash, tokenHash), gt(sessions.expiresAt, now), isNull(users.disabledAt))),
)

/** The session of a token and its owner; null when it has ended or the account is disabled. */
export async function findSession(tx: Reader, tokenHash: string, now: number) {
  const [row] = await sessionOfToken(tx, { tokenHash, now })
  return row ?? null
}

/** The sessions of an account that have not expired, the last used first. */
export async function listSessionsOfUser(tx: Reader, userId: string, now: number) {
  return tx
    .select({ ...checkedSession.session, userAgent: sessions.userAgent, ip: sessions.ip })
    .from(sessions)
    .where(and(eq(sessions.userId, userId), gt(sessions.expiresAt, now)))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
}

/** Writes that the session was used; nothing when another request wrote it since `seenBefore`, or it has ended. A use later than now was a wrong clock's. */
export async function touchSession(tx: Tx, id: string, now: number, expiresAt: number, seenBefore: number) {
  await tx
    .update(sessions)
    .set({ lastSeenAt: now, expiresAt })
    .where(
      and(
        eq(sessions.id, id),
        or(lt(sessions.lastSeenAt, seenBefore), gt(sessions.lastSeenAt, now)),
        gt(sessions.expiresAt, now),
      ),
    )
}

/** The owner of the session that ended, or null when there was none. */
export async function deleteSession(tx: Tx, tokenHash: string) {
  const [session] = await tx.delete(sessions).where(eq(sessions.tokenHash, tokenHash)).returning()
  return session ?? null
}

export async function deleteSessionsOfUser(tx: Tx, userId: string) {
  await tx.delete(sessions).where(eq(sessions.userId, userId))
}

/**
 * Ends those among `ids` that are live sessions of this account, but never `exceptId`, and resolves with how many. Needs the
 * account's row held.
 */
export async function deleteSessionsAmong(tx: Tx, userId: string, ids: string[], exceptId: string, now: number) {
  const ended = await tx
    .delete(sessions)
    .where(
      and(
        inArray(sessions.id, ids),
        eq(sessions.userId, userId),
        ne(sessions.id, exceptId),
        gt(sessions.expiresAt, now),
      ),
    )
    .returning({ id: sessions.id })
  return ended.length
}

/**
 * Ends all but the newest `keep` sessions of an account; those that began later than `began` are a wrong clock's and go
 * first, or they would crowd out every new one. Needs the account's row held.
 */
export async function deleteOldestSessions(tx: Tx, userId: string, keep: number, began: number) {
  const wrong = sql`case when ${gt(sessions.createdAt, began)} then 1 else 0 end`
  const surplus = await tx
    .select({ id: sessions.id })
    .from(sessions)
    .where(eq(sessions.userId, userId))
    .orderBy(wrong, desc(sessions.createdAt), desc(sessions.id))
    .limit(1_000)
    .offset(keep)
  if (surplus.length === 0) return
  await tx.delete(sessions).where(
    inArray(
      sessions.id,
      surplus.map(({ id }) => id),
    ),
  )
}
