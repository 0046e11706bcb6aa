import { AsyncLocalStorage } from 'node:async_hooks'
import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3'
import { drizzle as drizzlePostgres, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { Pool, type PoolClient } from 'pg'
import { DatabaseUnavailable, isLocked, isUnavailable } from './outage.ts'
import { postgresOptions } from './postgres-tls.ts'
import { keepStatements, nameStatements } from './statements.ts'

/** All that a query may use, on either database. Typed as Postgres, the stricter of the two. */
export type Tx = Pick<NodePgDatabase, 'select' | 'insert' | 'update' | 'delete'>
type Work<T> = (tx: Tx) => Promise<T>

export interface Db {
  /** One or more statements that need not stand or fall together. */
  run<T>(work: Work<T>): Promise<T>
  /** All or nothing: a throw rolls back, a returned failure commits. */
  transaction<T>(work: Work<T>): Promise<T>
}

/** A database and the end of it. `execute` is for migrations and pragmas alone: text we wrote ourselves. */
export interface Database extends Db {
  execute(statement: string): Promise<void>
  close(): Promise<void>
}

/** Where the data is. `pool`: connections of one process at most; the driver's ten where it is left out. */
export type DatabaseLocation = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string; pool?: number }

/** How long a statement may wait for a lock or a connection before it is an error: requests must not pile up behind it. */
const WAIT_MS = 5_000
/** Shorter than a statement may take, so that the log tells who waited for a lock from who was slow. */
const POSTGRES_LOCK_MS = 4_000
/** Between two tries for SQLite's write lock; another process holds it for the few milliseconds of a commit. */
const LOCK_PAUSE_MS = { from: 2, to: 20 }

const holding = new AsyncLocalStorage<true>()

/** Whoever asks for the database while holding it would wait for themselves for ever; said at once instead. */
async function hold<T>(take: (work: () => Promise<T>) => Promise<T>, work: () => Promise<T>): Promise<T> {
  if (holding.getStore()) throw new Error('Already holding the database: pass tx on instead of asking again.')
  try {
    return await take(() => holding.run(true, work))
  } catch (error) {
    throw isUnavailable(error) ? new DatabaseUnavailable('The database does not answer.', { cause: error }) : error
  }
}

/** The pool has connections enough for everybody to begin. */
const atOnce = <T>(go: () => Promise<T>) => go()

function openPostgres(url: string, connections: number | undefined): Database {
  const pool = new Pool({
    ...postgresOptions(url),
    ...(connections && { max: connections }),
    // What pg_stat_activity shows, to tell our connections from others'.
    application_name: 'vestibule',
    // What stands between us and a server elsewhere forgets connections that say nothing.
    keepAlive: true,
    connectionTimeoutMillis: WAIT_MS,
    statement_timeout: WAIT_MS,
    lock_timeout: POSTGRES_LOCK_MS,
    // A server that is frozen or cut off keeps no time limit of its own, so this one is ours, for when that has passed.
    query_timeout: WAIT_MS + 1_000,
    idle_in_transaction_session_timeout: WAIT_MS,
    // One plan for each named statement. Left to itself, Postgres plans a sweep anew every time for as long as few rows
    // have expired, and takes a plan that reads all of them, and the dead entries of earlier slices, for each twenty.
    options: '-c plan_cache_mode=force_generic_plan',
  })
  // An idle connection that the server drops is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined)
  // The same for one in use: whoever uses it learns of it by the statement that fails.
  pool.on('connect', (client) => client.on('error', () => undefined))
  pool.on('connect', nameStatements)
  const db = drizzlePostgres(pool)
  // One for each connection, so that what is prepared for it is found again.
  const txs = new WeakMap<PoolClient, Tx>()
  const txOf = (client: PoolClient): Tx => {
    const tx = txs.get(client) ?? drizzlePostgres(client)
    txs.set(client, tx)
    return tx
  }
  // Drizzle's own keeps the connection for ever when BEGIN fails, and hands one back whose transaction may still be open.
  const atomically = async <T>(work: Work<T>): Promise<T> => {
    const client = await pool.connect()
    let broken = false
    const giveUp = () => {
      broken = true
    }
    try {
      await client.query('BEGIN')
      const result = await work(txOf(client))
      await client.query('COMMIT')
      return result
    } catch (error) {
      if (isUnavailable(error)) giveUp()
      else await client.query('ROLLBACK').catch(giveUp)
      throw error
    } finally {
      // A broken one is closed, and the server rolls back.
      client.release(broken)
    }
  }
  return {
    run: (work) => hold(atOnce, () => work(db)),
    transaction: (work) => hold(atOnce, () => atomically(work)),
    execute: async (statement) => void (await pool.query(statement)),
    close: () => pool.end(),
  }
}

function openSqlite(file: string): Database {
  const connection = new Sqlite(file, { timeout: WAIT_MS })
  connection.pragma('journal_mode = WAL')
  // FULL: what was acknowledged survives a power cut, not only a crash of the process.
  connection.pragma('synchronous = FULL')
  connection.pragma('foreign_keys = ON')
  // Deleted means overwritten: what is gone is not left in free pages for whoever copies the file.
  connection.pragma('secure_delete = ON')
  connection.pragma('busy_timeout = 0')
  keepStatements(connection)
  const tx = drizzleSqlite(connection) as unknown as Tx

  // One connection, so work takes turns: a statement between BEGIN and COMMIT of another would be rolled back with it.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(job: () => Promise<T>): Promise<T> => {
    const mine = last.then(job)
    last = mine.catch(() => undefined)
    return mine
  }
  const atomically = async <T>(begin: string, work: Work<T>): Promise<T> => {
    connection.prepare(begin).run()
    try {
      const result = await work(tx)
      connection.prepare('COMMIT').run()
      return result
    } catch (error) {
      if (connection.inTransaction) connection.prepare('ROLLBACK').run()
      throw error
    }
  }
  // SQLite's own wait for the lock would stop the whole thread. Ours gives the turn back, so that reads go on meanwhile.
  const untilUnlocked = async <T>(job: () => Promise<T>): Promise<T> => {
    const deadline = performance.now() + WAIT_MS
    for (;;) {
      try {
        return await inTurn(job)
      } catch (error) {
        if (!isLocked(error) || performance.now() > deadline) throw error
        await pause(randomInt(LOCK_PAUSE_MS.from, LOCK_PAUSE_MS.to))
      }
    }
  }
  return {
    // All or nothing too, so that nothing is done twice when the lock is missed half-way.
    run: (work) => hold(untilUnlocked, () => atomically('BEGIN', work)),
    // IMMEDIATE takes the write lock now: a read that turns into a write later could lose it to another process.
    transaction: (work) => hold(untilUnlocked, () => atomically('BEGIN IMMEDIATE', work)),
    execute: (statement) => inTurn(async () => void connection.exec(statement)),
    close: () => inTurn(async () => void connection.close()),
  }
}

/** Opens the database; SQLite creates the file. Throws when it cannot be opened. */
export function openDatabase(location: DatabaseLocation): Database {
  return location.kind === 'postgres' ? openPostgres(location.url, location.pool) : openSqlite(location.file)
}
