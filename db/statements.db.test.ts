import Sqlite from 'better-sqlite3'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase } from '../test/deps.ts'
import type { Database, Tx } from './client.ts'
import { prepared } from './prepared.ts'
import { dialect, limits } from './schema/tables.ts'
import { keepStatements } from './statements.ts'

let db: Database
beforeAll(async () => {
  db = await testDatabase()
  await db.run((tx) => tx.insert(limits).values(['a', 'b'].map((key) => ({ ...row, key }))))
})
afterAll(() => db.close())

const row = { count: 1, windowEndsAt: 0, blockedUntil: 0 }

describe('a prepared query', () => {
  let built = 0
  const limitOf = prepared(['key'], (tx, { key }) => {
    built += 1
    return tx.select({ key: limits.key }).from(limits).where(eq(limits.key, key))
  })

  it('is built once and answers for the values of each call, in a transaction and outside', async () => {
    const ask = (key: string) => (tx: Tx) => limitOf(tx, { key })
    expect(await db.run(ask('a'))).toEqual([{ key: 'a' }])
    const before = built
    expect(await db.run(ask('b'))).toEqual([{ key: 'b' }])
    expect(await db.run(ask('none'))).toEqual([])
    expect(built).toBe(before)
    expect(await db.transaction(ask('b'))).toEqual([{ key: 'b' }])
    const inTransactions = built
    expect(await db.transaction(ask('a'))).toEqual([{ key: 'a' }])
    expect(built).toBe(inTransactions)
  })

  it('sees what its own transaction has written, and forgets it with a rollback', async () => {
    const undone = db.transaction(async (tx) => {
      await tx.insert(limits).values({ ...row, key: 'new' })
      expect(await limitOf(tx, { key: 'new' })).toHaveLength(1)
      throw new Error('no')
    })
    await expect(undone).rejects.toThrow('no')
    expect(await db.run((tx) => limitOf(tx, { key: 'new' }))).toEqual([])
  })
})

describe.runIf(dialect === 'postgres')('Postgres', () => {
  it('parses a statement once a connection, however often it is sent', async () => {
    const parsed = await db.transaction(async (tx) => {
      for (let times = 0; times < 3; times += 1) await tx.select({ count: limits.count }).from(limits)
      return tx.select({ statement: sql<string>`statement` }).from(sql`pg_prepared_statements`)
    })
    expect(parsed.filter(({ statement }) => statement === 'select "count" from "limits"')).toHaveLength(1)
  })
})

describe.runIf(dialect === 'sqlite')('SQLite', () => {
  it('parses a text once, and keeps no more than a few hundred', () => {
    const connection = new Sqlite(':memory:')
    keepStatements(connection)
    expect(connection.prepare('SELECT 1')).toBe(connection.prepare('SELECT 1'))
    for (let n = 0; n < 600; n += 1) connection.prepare(`SELECT ${n} AS n`)
    expect(connection.prepare('SELECT 1')).toBe(connection.prepare('SELECT 1'))
    expect(connection.prepare('SELECT 599 AS n')).not.toBe(connection.prepare('SELECT 599 AS n'))
    expect(connection.prepare('SELECT 599 AS n').get()).toEqual({ n: 599 })
    connection.close()
  })
})
