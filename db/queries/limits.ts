import { and, eq, gt, lte, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { limits } from '../schema/tables.ts'

const ended = (now: number) => lte(limits.windowEndsAt, now)

/** False when the budget is spent. Raises and checks in one statement; the window starts with its first use. */
export async function takeFromWindow(tx: Tx, rule: { key: string; max: number; window: number }, now: number) {
  const windowEndsAt = now + rule.window
  const rows = await tx
    .insert(limits)
    .values({ key: rule.key, count: 1, windowEndsAt, blockedUntil: 0 })
    .onConflictDoUpdate({
      target: limits.key,
      set: {
        count: sql`case when ${ended(now)} then 1 else ${limits.count} + 1 end`,
        windowEndsAt: sql`case when ${ended(now)} then ${windowEndsAt} else ${limits.windowEndsAt} end`,
      },
      setWhere: sql`${ended(now)} or ${limits.count} < ${rule.max}`,
    })
    .returning({ key: limits.key })
  return rows.length > 0
}

// Postgres takes a bare parameter of a CASE for a four-byte integer; a time needs eight.
const time = (epochMilliseconds: number) => sql`cast(${epochMilliseconds} as bigint)`

/** Until when the next use has to wait: not at all while uses are free, then longer wait by wait. */
function nextBlock(rule: { free: number; waits: readonly number[] }, now: number): SQL {
  const used = sql`case when ${ended(now)} then 1 else ${limits.count} + 1 end`
  const steps = rule.waits.map((wait, step) => sql`when ${used} <= ${rule.free + step} then ${time(now + wait)}`)
  const longest = time(now + (rule.waits.at(-1) ?? 0))
  // The last free use already starts the first wait.
  return sql`case when ${used} < ${rule.free} then ${time(0)} ${sql.join(steps, sql` `)} else ${longest} end`
}

/** False while the wait that earlier uses earned has not passed. All is forgotten `remembered` after the last use. */
export async function takeWithWaits(
  tx: Tx,
  rule: { key: string; free: number; waits: readonly number[]; remembered: number },
  now: number,
) {
  const windowEndsAt = now + rule.remembered
  const firstBlock = rule.free <= 1 ? now + (rule.waits[0] ?? 0) : 0
  const rows = await tx
    .insert(limits)
    .values({ key: rule.key, count: 1, windowEndsAt, blockedUntil: firstBlock })
    .onConflictDoUpdate({
      target: limits.key,
      set: {
        count: sql`case when ${ended(now)} then 1 else ${limits.count} + 1 end`,
        windowEndsAt,
        blockedUntil: nextBlock(rule, now),
      },
      setWhere: lte(limits.blockedUntil, now),
    })
    .returning({ key: limits.key })
  return rows.length > 0
}

export async function readLimit(tx: Tx, key: string) {
  const [row] = await tx
    .select({ count: limits.count, windowEndsAt: limits.windowEndsAt, blockedUntil: limits.blockedUntil })
    .from(limits)
    .where(eq(limits.key, key))
  return row ?? null
}

/** Takes one use back, never below none, and with it the wait it began: there was none when that use was let through. */
export async function lowerLimit(tx: Tx, key: string) {
  await tx
    .update(limits)
    .set({ count: sql`${limits.count} - 1`, blockedUntil: 0 })
    .where(and(eq(limits.key, key), gt(limits.count, 0)))
}

/** Forgets a counter: what it guarded against has been ruled out. */
export async function forgetLimit(tx: Tx, key: string) {
  await tx.delete(limits).where(eq(limits.key, key))
}

/**
 * Holds one address until the transaction ends, so that transactions about it come one after the other. SQLite's are in
 * turn anyway; Postgres takes the row's lock with the write.
 */
export async function lockAddress(tx: Tx, emailKey: string, now: number) {
  await tx
    .insert(limits)
    .values({ key: `lock:${emailKey}`, count: 0, windowEndsAt: now, blockedUntil: 0 })
    .onConflictDoUpdate({ target: limits.key, set: { windowEndsAt: now } })
}
