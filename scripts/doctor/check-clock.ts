import { max, sql } from 'drizzle-orm'
import type { Database, DatabaseLocation } from '#db/client'
import { events } from '#db/schema/tables'
import { type Finding, findingsOf } from './finding.ts'

const { ok, warning, wrong } = findingsOf('clock')
/** Below this, a slow answer and the whole seconds of an HTTP date. */
const NOTICED_MS = 5_000
/** A twentieth of a code's ten minutes. */
const HARMFUL_MS = 30_000

/** How far another clock is ahead of this machine's, in milliseconds. */
export interface OtherClock {
  whose: string
  ahead: number
}

/** Postgres has a clock of its own; with SQLite, the newest event must not lie in the future. */
export async function databaseClock(db: Database, kind: DatabaseLocation['kind'], now: number): Promise<OtherClock[]> {
  if (kind === 'postgres') {
    const time = sql<number>`extract(epoch from clock_timestamp()) * 1000`.mapWith(Number)
    const [row] = await db.run((tx) => tx.select({ time }).from(sql`(select 1) as once`))
    return row ? [{ whose: 'Postgres', ahead: row.time - now }] : []
  }
  const [row] = await db.run((tx) => tx.select({ at: max(events.at) }).from(events))
  return row?.at && row.at > now ? [{ whose: 'the newest event in the database', ahead: row.at - now }] : []
}

export function checkClock(others: OtherClock[]): Finding[] {
  const findings = others.flatMap(({ whose, ahead }) => {
    const seconds = Math.round(Math.abs(ahead) / 1000)
    if (Math.abs(ahead) < NOTICED_MS) return []
    const sentence = `This machine's clock is ${seconds} s ${ahead > 0 ? 'behind' : 'ahead of'} ${whose}: set both by NTP.`
    return [Math.abs(ahead) >= HARMFUL_MS ? wrong(sentence) : warning(sentence)]
  })
  if (findings.length > 0) return findings
  if (others.length === 0) return [ok('Nothing here lies in the future; there was no other clock to compare with.')]
  return [ok(`It agrees with ${others.map(({ whose }) => whose).join(' and ')}.`)]
}
