import { randomUUID } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testDatabase, testLocation } from '../test/deps.ts'
import { type Database, type DatabaseLocation, openDatabase, type Reader, type Tx } from './client.ts'
import { migrate } from './migrate.ts'
import { dialect, limits } from './schema/tables.ts'

let db: Database
beforeAll(async () => {
  db = await testDatabase()
})
afterAll(() => db.close())

const row = (key: string) => ({ key, count: 1, windowEndsAt: 0, blockedUntil: 0 })
const exists = async (key: string) => (await db.run((tx) => tx.select().from(limits).where(eq(limits.key, key)))).length

describe('a transaction', () => {
  it('commits what it wrote, also when it returns a failure', async () => {
    const result = await db.transaction(async (tx) => {
      await tx.insert(limits).values(row('kept'))
      return { ok: false }
    })
    expect(result).toEqual({ ok: false })
    expect(await exists('kept')).toBe(1)
  })

  it('undoes everything when it throws, also what was awaited later', async () => {
    const thrown = db.transaction(async (tx) => {
      await tx.insert(limits).values(row('undone'))
      await new Promise((resolve) => setTimeout(resolve, 5))
      await tx.insert(limits).values(row('undone too'))
      throw new Error('no')
    })
    await expect(thrown).rejects.toThrow('no')
    expect(await exists('undone')).toBe(0)
    expect(await exists('undone too')).toBe(0)
  })

  it('leaves alone what others write meanwhile', async () => {
    const rolledBack = db.transaction(async (tx) => {
      await tx.insert(limits).values(row('mine'))
      await new Promise((resolve) => setTimeout(resolve, 5))
      throw new Error('no')
    })
    const other = db.run((tx) => tx.insert(limits).values(row('theirs')))
    await expect(rolledBack).rejects.toThrow('no')
    await other
    expect(await exists('theirs')).toBe(1)
    expect(await exists('mine')).toBe(0)
  })
})

it('reads nothing that is not committed, and what was before it', async () => {
  const rows = async (tx: Reader) => (await tx.select().from(limits).where(eq(limits.key, 'pending'))).length
  const written = Promise.withResolvers<void>()
  const undone = db.transaction(async (tx) => {
    await tx.insert(limits).values(row('pending'))
    written.resolve()
    await new Promise((resolve) => setTimeout(resolve, 5))
    throw new Error('no')
  })
  await written.promise
  const [seen] = await Promise.all([db.read(rows), expect(undone).rejects.toThrow('no')])
  expect(seen).toBe(0)
  await db.run((tx) => tx.insert(limits).values(row('pending')))
  expect(await db.read(rows)).toBe(1)
})

it('says so when somebody asks for the database while holding it', async () => {
  await expect(db.read(() => db.read(async () => 1))).rejects.toThrow('Already holding the database')
  await expect(db.run(() => db.run(async () => 1))).rejects.toThrow('Already holding the database')
  await expect(db.transaction(() => db.transaction(async () => 1))).rejects.toThrow('Already holding the database')
  expect(await db.run(async () => 1)).toBe(1)
})

describe.runIf(dialect === 'postgres')('the pool of a process', () => {
  async function emptyLocation(parameters = '') {
    const { location } = await testLocation()
    await migrate(location)
    return location.kind === 'postgres' ? { ...location, url: location.url + parameters } : location
  }
  const poolOf = async (pool: number, parameters = '') =>
    openDatabase({ ...(await emptyLocation(parameters)), pool } as DatabaseLocation)

  it('has as many connections as it was given, and the others wait their turn', async () => {
    const small = await poolOf(2)
    let working = 0
    let most = 0
    const work = async () => {
      working += 1
      most = Math.max(most, working)
      await new Promise((resolve) => setTimeout(resolve, 20))
      working -= 1
    }
    await Promise.all(Array.from({ length: 8 }, () => small.transaction(work)))
    expect(most).toBe(2)
    await small.close()
  })

  it('tells Postgres how long anything may wait, and who asks', async () => {
    const one = await poolOf(1)
    const waits = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
    const names = [...waits, 'application_name', 'plan_cache_mode']
    const [shown] = await one.run((tx) =>
      tx
        .select(Object.fromEntries(names.map((name) => [name, sql<string>`current_setting(${name})`])))
        .from(sql`(select 1) as one`),
    )
    expect(Object.values(shown ?? {})).toEqual(['5s', '4s', '5s', 'vestibule', 'force_generic_plan'])
    await one.close()
  })

  it('calls a lock waited for in vain an outage, before the statement itself would be too slow', async () => {
    // The server's limits are looked at, so ours comes late enough for a machine that stood still meanwhile.
    const two = await poolOf(2, '?query_timeout=60000')
    await two.run((tx) => tx.insert(limits).values(row('locked')))
    const write = (tx: Tx) => tx.update(limits).set({ count: 2 }).where(eq(limits.key, 'locked'))
    const locked = Promise.withResolvers<void>()
    let waits = true
    const holding = two.transaction(async (tx) => {
      // Asked again and again, because a transaction that says nothing for five seconds is ended.
      while (waits) {
        await write(tx)
        locked.resolve()
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    })
    await locked.promise
    const other = two.run(write).finally(() => {
      waits = false
    })
    await expect(other).rejects.toMatchObject({ name: 'DatabaseUnavailable', cause: { cause: { code: '55P03' } } })
    await holding
    await two.close()
  })

  // As after a takeover by another server: a connection to the one before lives on, and what it says about writes stays so.
  it('keeps no connection to a server that takes no writes, and calls it an outage', async () => {
    const location = await emptyLocation()
    const operator = openDatabase(location)
    const name = `"${new URL(location.kind === 'postgres' ? location.url : '').pathname.slice(1)}"`
    const setReadOnly = `ALTER DATABASE ${name} SET default_transaction_read_only = on`
    const setWritable = `ALTER DATABASE ${name} RESET default_transaction_read_only`
    const insert = (tx: Tx) => tx.insert(limits).values(row(`written ${randomUUID()}`))
    for (const way of ['run', 'transaction'] as const) {
      await operator.execute(setReadOnly)
      const one = openDatabase({ ...location, pool: 1 } as DatabaseLocation)
      expect(await one.run((tx) => tx.select().from(sql`(select 1) as one`))).toHaveLength(1)
      await operator.execute(setWritable)
      await expect(one[way](insert)).rejects.toMatchObject({ name: 'DatabaseUnavailable' })
      await one[way](insert)
      await one.close()
    }
    await operator.close()
  })
})

describe.runIf(dialect === 'postgres')('a connection that the server ends', () => {
  const endConnection = (tx: Tx) =>
    tx.insert(limits).values({ ...row('ended'), count: sql`pg_terminate_backend(pg_backend_pid())::int` })

  it('in the middle of a transaction is an outage by its name, and the next one has another', async () => {
    for (let times = 0; times < 12; times += 1) {
      const cut = db.transaction(async (tx) => {
        await endConnection(tx).catch(() => undefined)
        await tx.insert(limits).values(row('after the end'))
      })
      await expect(cut).rejects.toMatchObject({ name: 'DatabaseUnavailable' })
    }
    expect(await exists('after the end')).toBe(0)
  })
})

describe.runIf(dialect === 'sqlite')('while another process holds the write lock', () => {
  async function locked() {
    const { location, remove } = await testLocation()
    await migrate(location)
    const waiting = openDatabase(location)
    const other = new Sqlite(location.kind === 'sqlite' ? location.file : '')
    other.exec('BEGIN IMMEDIATE')
    const end = async () => {
      other.close()
      await waiting.close()
      await remove()
    }
    return { waiting, other, end }
  }

  it('writes wait, and neither reads nor anything else of this process with them', async () => {
    const { waiting, other, end } = await locked()
    const writes = Promise.all([
      waiting.run((tx) => tx.insert(limits).values(row('later'))),
      waiting.transaction((tx) => tx.insert(limits).values(row('later too'))),
    ])
    let ended = false
    const noteEnd = () => {
      ended = true
    }
    writes.then(noteEnd, noteEnd)
    expect(await waiting.run((tx) => tx.select().from(limits))).toEqual([])
    expect(await waiting.read((tx) => tx.select().from(limits))).toEqual([])
    expect(ended).toBe(false)
    other.exec('COMMIT')
    await writes
    expect(await waiting.run((tx) => tx.select().from(limits))).toHaveLength(2)
    await end()
  })

  it('what was begun and then missed the lock is not done twice', async () => {
    const { waiting, other, end } = await locked()
    let tries = 0
    const write = waiting.run(async (tx) => {
      tries += 1
      await tx.select().from(limits)
      await tx.insert(limits).values(row('once'))
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    other.exec("INSERT INTO limits VALUES ('theirs', 1, 0, 0, NULL)")
    other.exec('COMMIT')
    await write
    expect(tries).toBeGreaterThan(1)
    expect(await waiting.run((tx) => tx.select().from(limits))).toHaveLength(2)
    await end()
  })

  it('gives up after five seconds, by the name of an outage', async () => {
    const { waiting, end } = await locked()
    const write = waiting.transaction((tx) => tx.insert(limits).values(row('never')))
    await expect(write).rejects.toMatchObject({ name: 'DatabaseUnavailable' })
    expect(await waiting.run((tx) => tx.select().from(limits))).toEqual([])
    await end()
  })
})

describe('migrate', () => {
  it('runs each migration once, however many start together', async () => {
    const { location, remove } = await testLocation()
    await Promise.all(Array.from({ length: 5 }, () => migrate(location)))
    const fresh = openDatabase(location)
    expect(await fresh.run((tx) => tx.select().from(limits))).toEqual([])
    await fresh.close()
    await remove()
  })

  it('refuses a database that a newer version migrated', async () => {
    const { location, remove } = await testLocation()
    await migrate(location)
    const newer = openDatabase(location)
    await newer.execute(`INSERT INTO migrations VALUES ('of the future', 0)`)
    await newer.close()
    await expect(migrate(location)).rejects.toThrow('newer version')
    await remove()
  })
})

it('names an outage by its name', async () => {
  const gone =
    dialect === 'postgres'
      ? openDatabase({ kind: 'postgres', url: 'postgres://nobody@127.0.0.1:1/none' })
      : await readOnlyDatabase()
  const write = gone.run((tx) => tx.insert(limits).values(row('x')))
  await expect(write).rejects.toMatchObject({ name: 'DatabaseUnavailable' })
  if (dialect === 'postgres') {
    const read = gone.read((tx) => tx.select().from(limits))
    await expect(read).rejects.toMatchObject({ name: 'DatabaseUnavailable' })
  }
  await gone.close()
})

async function readOnlyDatabase(): Promise<Database> {
  const { location } = await testLocation()
  await migrate(location)
  const database = openDatabase(location)
  await database.execute('PRAGMA query_only = ON')
  return database
}
