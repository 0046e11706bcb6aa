import { AsyncLocalStorage } from 'node:async_hooks'
import Sqlite from 'better-sqlite3'
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3'
import { drizzle as drizzlePostgres, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'

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

/** Where the data is. */
export type DatabaseLocation = { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string }

/** How long a statement may wait for a lock or a connection before it is an error: requests must not pile up behind it. */
const WAIT_MS = 5_000
const POSTGRES_CONNECTIONS = 10

/** The database does not answer; nothing is wrong with what was asked. Answered with 503, so that callers try again. */
class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

// Postgres: connection lost or refused, server starting or stopping, too many connections, a lock waited for in vain. SQLite: busy, full, read-only, I/O.
const UNAVAILABLE =
  /^(08|53|57|40|55P03)|^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)|^SQLITE_(BUSY|LOCKED|FULL|READONLY|IOERR|CANTOPEN)/u
const CONNECTION_LOST = /timeout exceeded when trying to connect|Connection terminated|Cannot use a pool after/iu

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  // Drizzle wraps what the driver throws.
  return UNAVAILABLE.test(code) || CONNECTION_LOST.test(error.message) || isUnavailable(error.cause)
}

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

function openPostgres(url: string): Database {
  const pool = new Pool({
    connectionString: url,
    max: POSTGRES_CONNECTIONS,
    connectionTimeoutMillis: WAIT_MS,
    statement_timeout: WAIT_MS,
    idle_in_transaction_session_timeout: WAIT_MS,
  })
  // An idle connection that the server drops is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined)
  const db = drizzlePostgres(pool)
  return {
    run: (work) =>
      hold(
        (go) => go(),
        () => work(db),
      ),
    transaction: (work) =>
      hold(
        (go) => go(),
        () => db.transaction(work),
      ),
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
  const tx = drizzleSqlite(connection) as unknown as Tx

  // One connection, so work takes turns: a statement between BEGIN and COMMIT of another would be rolled back with it.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(job: () => Promise<T>): Promise<T> => {
    const mine = last.then(job)
    last = mine.catch(() => undefined)
    return mine
  }
  const atomically = async <T>(work: Work<T>): Promise<T> => {
    // IMMEDIATE takes the write lock now: a read that turns into a write later could lose it to another process.
    connection.exec('BEGIN IMMEDIATE')
    try {
      const result = await work(tx)
      connection.exec('COMMIT')
      return result
    } catch (error) {
      if (connection.inTransaction) connection.exec('ROLLBACK')
      throw error
    }
  }
  return {
    run: (work) => hold(inTurn, () => work(tx)),
    transaction: (work) => hold(inTurn, () => atomically(work)),
    execute: (statement) => inTurn(async () => void connection.exec(statement)),
    close: () => inTurn(async () => void connection.close()),
  }
}

/** Opens the database; SQLite creates the file. Throws when it cannot be opened. */
export function openDatabase(location: DatabaseLocation): Database {
  return location.kind === 'postgres' ? openPostgres(location.url) : openSqlite(location.file)
}
