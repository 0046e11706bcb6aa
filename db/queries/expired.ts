import { and, inArray, isNotNull, isNull, lte, or, type SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Tx } from '../client.ts'
import { challenges, devices, limits, messages, outbox, sessions, users } from '../schema/tables.ts'

/**
 * At most `count` rows and how many went, so that one statement never holds the database for long. The condition stands
 * in the outer WHERE too: a session prolonged or an account verified a moment ago stays.
 */
async function deleteSome(tx: Tx, table: PgTable, key: PgColumn, expired: SQL | undefined, count: number) {
  const some = tx.select({ key }).from(table).where(expired).limit(count)
  const deleted = await tx
    .delete(table)
    .where(and(inArray(key, some), expired))
    .returning({ key })
  return deleted.length
}

export const deleteExpiredChallenges = (tx: Tx, now: number, count: number) =>
  deleteSome(tx, challenges, challenges.id, lte(challenges.expiresAt, now), count)

export const deleteExpiredSessions = (tx: Tx, now: number, count: number) =>
  deleteSome(tx, sessions, sessions.id, or(lte(sessions.expiresAt, now), lte(sessions.absoluteExpiresAt, now)), count)

/** Sign-ups nobody confirmed. Their challenges go with them. */
export const deletePendingUsers = (tx: Tx, createdBefore: number, count: number) =>
  deleteSome(tx, users, users.id, and(isNull(users.verifiedAt), lte(users.createdAt, createdBefore)), count)

/** Counters that no longer count: the window is over, and so is the wait. */
export const deleteEndedLimits = (tx: Tx, now: number, count: number) =>
  deleteSome(tx, limits, limits.key, and(lte(limits.windowEndsAt, now), lte(limits.blockedUntil, now)), count)

/** Mail that has gone or was given up; what is still owed stays, however old. */
export const deleteFinishedMail = (tx: Tx, createdBefore: number, count: number) =>
  deleteSome(
    tx,
    outbox,
    outbox.id,
    and(lte(outbox.createdAt, createdBefore), or(isNotNull(outbox.sentAt), isNotNull(outbox.failedAt))),
    count,
  )

/** `count` bounds the accounts here; each has few devices. */
export const deleteUnusedDevices = (tx: Tx, lastSignedInBefore: number, count: number) =>
  deleteSome(tx, devices, devices.userId, lte(devices.lastSignedInAt, lastSignedInBefore), count)

export const deleteOldMessages = (tx: Tx, createdBefore: number, count: number) =>
  deleteSome(tx, messages, messages.id, lte(messages.createdAt, createdBefore), count)
