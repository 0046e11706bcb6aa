import { and, eq, gt, lte, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { prepared } from '../prepared.ts'
import { limits } from '../schema/tables.ts'

/** `refused`: by this use for the first time in this window or wait, which is worth writing down; then `refused again`. */
export type Take = 'taken' | 'refused' | 'refused again'

const ended = (now: number | Placeholder) => lte(limits.windowEndsAt, now)
// Postgres takes a bare parameter of a CASE for a four-byte integer; a time needs eight.
const time = (epochMilliseconds: number | Placeholder) => sql`cast(${epochMilliseconds} as bigint)`
const nowOrBefore = (now: number | Placeholder) => sql`coalesce(${limits.refusedAt}, ${time(now)})`

// No row comes back from a use that was refused like one before it: a flood writes nothing.
const takeOf = (row: { refusedAt: number | null } | undefined): Take =>
  row === undefined ? 'refused again' : row.refusedAt === null ? 'taken' : 'refused'

const takenFromWindow = prepared(['key', 'max', 'windowEndsAt', 'now'], (tx: Tx, { key, max, windowEndsAt, now }) => {
  const ahead = gt(limits.windowEndsAt, windowEndsAt)
  const left = sql`(${ended(now)} or ${limits.count} < ${max})`
  return tx
    .insert(limits)
    .values({ key, count: 1, windowEndsAt, blockedUntil: 0 })
    .onConflictDoUpdate({
      target: limits.key,
      set: {
        count: sql`case when ${ended(now)} then 1 when ${left} then ${limits.count} + 1 else ${limits.count} end`,
        windowEndsAt: sql`case when ${ended(now)} or ${ahead} then ${time(windowEndsAt)} else ${limits.windowEndsAt} end`,
        refusedAt: sql`case when ${left} then null else ${nowOrBefore(now)} end`,
      },
      setWhere: sql`${left} or ${ahead} or ${limits.refusedAt} is null`,
    })
    .returning({ refusedAt: limits.refusedAt })
})

/**
 * Raises and checks in one statement; the window starts with its first use. One that ends later than a whole window from
 * now was written by a clock that ran ahead: its count stands, and it ends a whole window from now.
 */
export async function takeFromWindow(
  tx: Tx,
  { key, max, window }: { key: string; max: number; window: number },
  now: number,
): Promise<Take> {
  const [row] = await takenFromWindow(tx, { key, max, windowEndsAt: now + window, now })
  return takeOf(row)
}

type Waits = { key: string; free: number; waits: readonly number[]; remembered: number }

/** Until when the next use has to wait after so many: not at all while uses are free, then longer wait by wait. */
function blockAfter(used: SQL, rule: Waits, now: number): SQL {
  const steps = rule.waits.map((wait, step) => sql`when ${used} <= ${rule.free + step} then ${time(now + wait)}`)
  const longest = time(now + (rule.waits.at(-1) ?? 0))
  // The last free use already starts the first wait.
  return sql`case when ${used} < ${rule.free} then ${time(0)} ${sql.join(steps, sql` `)} else ${longest} end`
}

/**
 * Refused while the wait that earlier uses earned has not passed. All is forgotten `remembered` after the last use. A wait
 * that ends later than it could from now on was written by a clock that ran ahead: it starts anew, now.
 */
export async function takeWithWaits(tx: Tx, rule: Waits, now: number): Promise<Take> {
  const windowEndsAt = now + rule.remembered
  const free = lte(limits.blockedUntil, now)
  const used = sql`case when ${ended(now)} then 1 else ${limits.count} + 1 end`
  const latestBlock = blockAfter(sql`${limits.count}`, rule, now)
  const ahead = sql`${limits.blockedUntil} > ${latestBlock}`
  const [row] = await tx
    .insert(limits)
    .values({ key: rule.key, count: 1, windowEndsAt, blockedUntil: rule.free <= 1 ? now + (rule.waits[0] ?? 0) : 0 })
    .onConflictDoUpdate({
      target: limits.key,
      set: {
        count: sql`case when ${free} then ${used} else ${limits.count} end`,
        windowEndsAt: sql`case when ${free} or ${gt(limits.windowEndsAt, windowEndsAt)} then ${time(windowEndsAt)} else ${limits.windowEndsAt} end`,
        blockedUntil: sql`case when ${free} then ${blockAfter(used, rule, now)} when ${ahead} then ${latestBlock} else ${limits.blockedUntil} end`,
        refusedAt: sql`case when ${free} then null else ${nowOrBefore(now)} end`,
      },
      setWhere: sql`${free} or ${ahead} or ${limits.refusedAt} is null`,
    })
    .returning({ refusedAt: limits.refusedAt })
  return takeOf(row)
}

const limitOfKey = prepared(['key'], (tx: Tx, { key }) =>
  tx
    .select({ count: limits.count, windowEndsAt: limits.windowEndsAt, blockedUntil: limits.blockedUntil })
    .from(limits)
    .where(eq(limits.key, key)),
)

export async function readLimit(tx: Tx, key: string) {
  const [row] = await limitOfKey(tx, { key })
  return row ?? null
}

/** Takes one use back, never below none, and with it the wait it began: there was none when that use was let through. */
export async function lowerLimit(tx: Tx, key: string) {
  await tx
    .update(limits)
    .set({ count: sql`${limits.count} - 1`, blockedUntil: 0 })
    .where(and(eq(limits.key, key), gt(limits.count, 0)))
}

/** Forgets a counter: what it guarded against has been ruled out. Resolves with what it had counted. */
export async function forgetLimit(tx: Tx, key: string) {
  const [row] = await tx.delete(limits).where(eq(limits.key, key)).returning({ count: limits.count })
  return row?.count ?? 0
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
