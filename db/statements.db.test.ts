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

  it('plans a statement once: no value can make it plan again', () => {
    const planOf = (connection: Sqlite.Database, b: number) =>
      connection.prepare('EXPLAIN QUERY PLAN SELECT a FROM t WHERE a > 0 AND b = ?').all(b)
    const connection = new Sqlite(':memory:')
    // An index for one value of b alone: it serves whoever looks at the value.
    connection.exec('CREATE TABLE t (a, b); CREATE INDEX t_five ON t (a) WHERE b = 5')
    expect(planOf(connection, 5)).toEqual([expect.objectContaining({ detail: expect.stringContaining('t_five') })])
    keepStatements(connection)
    expect(planOf(connection, 5)).toEqual([expect.objectContaining({ detail: 'SCAN t' })])
    connection.close()
  })

  it('finds by number and by text what it found with the value in sight', () => {
    const connection = new Sqlite(':memory:')
    keepStatements(connection)
    connection.exec('CREATE TABLE t (id text PRIMARY KEY, n integer, b blob)')
    connection.prepare('INSERT INTO t (id, n) VALUES (?, ?)').run('5', 5)
    connection.prepare('UPDATE t SET n = ?, b = ? WHERE id = ?').run(6, null, '5')
    const found = [{ id: '5', n: 6, b: null }]
    expect(connection.prepare('SELECT * FROM t WHERE id = ?').all('5')).toEqual(found)
    expect(connection.prepare('SELECT * FROM t WHERE n = ?').all(6)).toEqual(found)
    expect(connection.prepare('SELECT * FROM t WHERE n = ?').all('6')).toEqual(found)
    expect(connection.prepare('SELECT * FROM t WHERE id = ?').all(5)).toEqual([])
    connection.close()
  })
})
