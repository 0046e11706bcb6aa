import { and, asc, between, inArray, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Tx } from '../client.ts'
import { challenges, devices, events, limits, messages, outbox, sessions, users } from '../schema/tables.ts'

/** What one statement may take: rows whose time lies in `from` to `until` (epoch milliseconds), at most `count` of them. */
export interface Slice {
  from: number
  until: number
  count: number
}

/** How many rows went, and the latest time among them: where the next slice starts. */
export interface Deleted {
  count: number
  upTo: number
}

/** `key` names one row; `and` is what must hold besides the time. */
type Sweep = { table: PgTable; key: PgColumn[]; time: PgColumn; and?: (slice: Slice) => SQL | undefined }

/**
 * Deletes the oldest rows of a slice, so that no statement holds the database for long. It starts where the last one ended:
 * Postgres keeps deleted entries in the index until it is vacuumed, and from the beginning each slice would walk over all
 * of them again. What makes a row expired stands in the outer WHERE too: a session prolonged or an account verified a
 * moment ago stays.
 */
function deletes({ table, key, time, and: alsoHolds }: Sweep) {
  const columns = Object.fromEntries(key.map((column) => [column.name, column]))
  return async (tx: Tx, slice: Slice): Promise<Deleted> => {
    const holds = alsoHolds?.(slice)
    const oldest = tx
      .select(columns)
      .from(table)
      .where(and(between(time, slice.from, slice.until), holds))
      .orderBy(asc(time))
      .limit(slice.count)
    const rows = await tx
      .delete(table)
      .where(and(inArray(sql`(${sql.join(key, sql`, `)})`, oldest), between(time, slice.from, slice.until), holds))
      .returning({ time })
    return { count: rows.length, upTo: rows.reduce((latest, row) => Math.max(latest, Number(row.time)), slice.from) }
  }
}

export const deleteExpiredChallenges = deletes({ table: challenges, key: [challenges.id], time: challenges.expiresAt })

/** By the one time: it is never later than the absolute end (lib/auth/session.ts). */
export const deleteExpiredSessions = deletes({ table: sessions, key: [sessions.id], time: sessions.expiresAt })

/** Sign-ups made in the slice that nobody confirmed. Their challenges go with them. */
export const deletePendingSignups = deletes({
  table: users,
  key: [users.id],
  time: users.createdAt,
  and: () => isNull(users.verifiedAt),
})

/** Counters that no longer count: the window is over, and so is the wait. */
export const deleteEndedLimits = deletes({
  table: limits,
  key: [limits.key],
  time: limits.windowEndsAt,
  and: ({ until }) => lte(limits.blockedUntil, until),
})

/** Mail made in the slice that has gone or was given up; what is still owed stays, however old. */
export const deleteFinishedMail = deletes({
  table: outbox,
  key: [outbox.id],
  time: outbox.createdAt,
  and: () => or(isNotNull(outbox.sentAt), isNotNull(outbox.failedAt)),
})

/** Browsers last used in the slice. */
export const deleteUnusedDevices = deletes({
  table: devices,
  key: [devices.userId, devices.deviceHash],
  time: devices.lastSignedInAt,
})

export const deleteOldMessages = deletes({ table: messages, key: [messages.id], time: messages.createdAt })

/** The one way out of the trail. */
export const deleteOldEvents = deletes({ table: events, key: [events.id], time: events.at })
