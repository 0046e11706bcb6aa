import { and, asc, desc, eq, inArray, isNotNull, isNull, ne, notExists, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Reader, Tx } from '../client.ts'
import { sessions, users } from '../schema/tables.ts'

export type User = typeof users.$inferSelect

export async function insertUser(tx: Tx, user: typeof users.$inferInsert) {
  await tx.insert(users).values(user)
}

/** The verified account of an address, disabled ones included. */
export async function findVerifiedUser(tx: Tx, emailKey: string) {
  const [user] = await tx
    .select()
    .from(users)
    .where(and(eq(users.emailKey, emailKey), isNotNull(users.verifiedAt)))
  return user ?? null
}

/** The pending sign-up of this browser, else the newest. */
export async function findPendingUser(tx: Tx, emailKey: string, deviceHash: string) {
  const [user] = await tx
    .select()
    .from(users)
    .where(and(eq(users.emailKey, emailKey), isNull(users.verifiedAt)))
    .orderBy(desc(sql`case when ${users.deviceHash} = ${deviceHash} then 1 else 0 end`), desc(users.createdAt))
    .limit(1)
  return user ?? null
}

export async function findUser(tx: Reader, id: string) {
  const [user] = await tx.select().from(users).where(eq(users.id, id))
  return user ?? null
}

/** Oldest first. */
export async function listPendingUsers(tx: Tx, emailKey: string) {
  return tx
    .select({ id: users.id, deviceHash: users.deviceHash, createdAt: users.createdAt })
    .from(users)
    .where(and(eq(users.emailKey, emailKey), isNull(users.verifiedAt)))
    .orderBy(asc(users.createdAt))
}

/** Pending sign-ups only; their challenges go with them. */
export async function deletePendingUsers(tx: Tx, ids: string[]) {
  await tx.delete(users).where(and(inArray(users.id, ids), isNull(users.verifiedAt)))
}

/** Deletes every other pending sign-up of the address. */
export async function deleteRivals(tx: Tx, emailKey: string, winnerId: string) {
  await tx.delete(users).where(and(eq(users.emailKey, emailKey), isNull(users.verifiedAt), ne(users.id, winnerId)))
}

/** Null when it is not pending any more, or another sign-up has the address by now. Needs the address locked. */
export async function markVerified(tx: Tx, id: string, now: number) {
  const rival = alias(users, 'rival')
  const taken = tx
    .select({ id: rival.id })
    .from(rival)
    .where(and(eq(rival.emailKey, users.emailKey), isNotNull(rival.verifiedAt)))
  const [user] = await tx
    .update(users)
    .set({ verifiedAt: now })
    .where(and(eq(users.id, id), isNull(users.verifiedAt), isNull(users.disabledAt), notExists(taken)))
    .returning()
  return user ?? null
}

/**
 * Writes the password just compared (again, or re-hashed) where it still is the account's: null when a reset, a disabling
 * or a deletion came first. Holds the row until the transaction ends, so what follows cannot be overtaken by one.
 */
export async function confirmPassword(tx: Tx, id: string, compared: string, stored: string) {
  const [user] = await tx
    .update(users)
    .set({ passwordHash: stored })
    .where(
      and(eq(users.id, id), eq(users.passwordHash, compared), isNotNull(users.verifiedAt), isNull(users.disabledAt)),
    )
    .returning()
  return user ?? null
}

/** Null unless the account is verified and not disabled. */
export async function replacePassword(tx: Tx, id: string, stored: string) {
  const [user] = await tx
    .update(users)
    .set({ passwordHash: stored })
    .where(and(eq(users.id, id), isNotNull(users.verifiedAt), isNull(users.disabledAt)))
    .returning()
  return user ?? null
}

/** Reads the account and holds its row until the transaction ends; null unless it is verified and not disabled. */
export async function holdActiveUser(tx: Tx, id: string) {
  const [user] = await tx
    .update(users)
    .set({ disabledAt: null })
    .where(and(eq(users.id, id), isNotNull(users.verifiedAt), isNull(users.disabledAt)))
    .returning()
  return user ?? null
}

/**
 * Reads the account whose session this is and holds its row until the transaction ends; null when there is no such session.
 * Whoever ends several sessions of an account holds it first, as whoever begins one does.
 */
export async function holdOwnerOfSession(tx: Tx, tokenHash: string) {
  const owner = tx.select({ id: sessions.userId }).from(sessions).where(eq(sessions.tokenHash, tokenHash))
  const [user] = await tx
    .update(users)
    .set({ email: sql`${users.email}` })
    .where(inArray(users.id, owner))
    .returning()
  return user ?? null
}
