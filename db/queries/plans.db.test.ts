import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CALLS, READS_ALL } from '../../test/plans/calls.ts'
import { type ExplainingDatabase, explainingDatabase } from '../../test/plans/explain.ts'
import { seed } from '../../test/plans/seed.ts'
import type { Tx } from '../client.ts'
import * as postgres from '../schema/postgres.ts'
import { events, sessions } from '../schema/tables.ts'

// Every statement of every query finds its rows by an index. A query without a call in CALLS fails here too, so that a
// new one cannot be forgotten.

let db: ExplainingDatabase
beforeAll(async () => {
  db = await explainingDatabase(seed)
})
afterAll(() => db.close())

async function queriesOf(file: string): Promise<string[]> {
  const module: Record<string, unknown> = await import(join(import.meta.dirname, file))
  return Object.keys(module).filter((name) => typeof module[name] === 'function')
}

test('every query has a call', async () => {
  const files = readdirSync(import.meta.dirname).filter((name) => /^[\w-]+\.ts$/u.test(name))
  const names = (await Promise.all(files.map(queriesOf))).flat()
  expect(names.length).toBeGreaterThan(50)
  expect(Object.keys(CALLS).toSorted()).toEqual(names.toSorted())
})

test.each(Object.entries(CALLS))('an index serves %s', async (name, call) => {
  const plans = await db.plansOf(call)
  expect(plans.length).toBeGreaterThan(0)
  const unserved = plans.filter(({ readsAll }) => readsAll.some((table) => table !== READS_ALL[name]))
  expect(unserved).toEqual([])
})

test('those of two statements were explained to the end', async () => {
  for (const name of ['deleteOldestSessions', 'deleteOldestOfDevice'])
    expect(await db.plansOf(CALLS[name] ?? expect.fail(name)), name).toHaveLength(2)
})

const BATCHES = [...(await queriesOf('expired.ts')), 'dropExpiredMail', 'bringMailForward']

test.each(BATCHES)('%s takes the oldest from its index, without sorting', async (name) => {
  const [plan] = await db.plansOf(CALLS[name] ?? expect.fail(name))
  expect(plan?.sorts).toBe(false)
})

test('deleting an account finds what goes with it by an index', () => {
  const tables = Object.values(postgres) as PgTable[]
  const references = tables.flatMap((table) => {
    const { indexes, primaryKeys, foreignKeys } = getTableConfig(table)
    const leading = [...indexes.map(({ config }) => config.columns[0]), ...primaryKeys.map(({ columns }) => columns[0])]
    const names = leading.map((column) => (column && 'name' in column ? column.name : ''))
    return foreignKeys.map((key) => ({ column: key.reference().columns[0]?.name, names }))
  })
  expect(references).toHaveLength(3)
  for (const { column, names } of references) expect(names).toContain(column)
})

describe('a query without an index is seen', () => {
  const readsAll = async (call: (tx: Tx) => Promise<unknown>) =>
    (await db.plansOf(call)).flatMap((plan) => plan.readsAll)

  test('when it filters by a column that no index has', async () => {
    const byIp = (tx: Tx) => tx.select().from(sessions).where(eq(sessions.ip, '192.0.2.1'))
    expect(await readsAll(byIp)).toEqual(['sessions'])
  })

  test('when it walks an index from end to end', async () => {
    const walk = (tx: Tx) => tx.select().from(events).where(eq(events.outcome, 'ok')).orderBy(events.at)
    expect(await readsAll(walk)).toEqual(['events'])
  })

  test('when it deletes by an age that no index has', async () => {
    const bySeen = (tx: Tx) => tx.delete(sessions).where(eq(sessions.lastSeenAt, 0))
    expect(await readsAll(bySeen)).toEqual(['sessions'])
  })
})
