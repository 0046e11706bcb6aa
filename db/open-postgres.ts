import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool, type PoolClient } from 'pg'
import type { Database, Tx, Work } from './client.ts'
import { hold, WAIT_MS } from './hold.ts'
import { isUnavailable } from './outage.ts'
import { postgresOptions } from './postgres-tls.ts'
import { nameStatements } from './statements.ts'

/** Shorter than a statement may take, so that the log tells who waited for a lock from who was slow. */
const POSTGRES_LOCK_MS = 4_000

/** The pool has connections enough for everybody to begin. */
const atOnce = <T>(go: () => Promise<T>) => go()

function openPool(url: string, connections: number | undefined): Pool {
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
  return pool
}

/** `connections`: at most so many; the driver's own number where it is left out. Nothing is asked of the server yet. */
export function openPostgres(url: string, connections: number | undefined): Database {
  const pool = openPool(url, connections)
  const db = drizzle(pool)
  // One for each connection, so that what is prepared for it is found again.
  const txs = new WeakMap<PoolClient, Tx>()
  const txOf = (client: PoolClient): Tx => {
    const tx = txs.get(client) ?? drizzle(client)
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
    read: (work) => hold(atOnce, () => work(db)),
    run: (work) => hold(atOnce, () => work(db)),
    transaction: (work) => hold(atOnce, () => atomically(work)),
    execute: async (statement) => void (await pool.query(statement)),
    close: () => pool.end(),
  }
}
