import { randomInt } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Database, Tx, Work } from './client.ts'
import { hold, WAIT_MS } from './hold.ts'
import { isLocked } from './outage.ts'
import { keepStatements } from './statements.ts'

/** Between two tries for SQLite's write lock; another process holds it for the few milliseconds of a commit. */
const LOCK_PAUSE_MS = { from: 2, to: 20 }

function connect(file: string): Sqlite.Database {
  const connection = new Sqlite(file, { timeout: WAIT_MS })
  connection.pragma('journal_mode = WAL')
  // FULL: what was acknowledged survives a power cut, not only a crash of the process.
  connection.pragma('synchronous = FULL')
  connection.pragma('foreign_keys = ON')
  // Deleted means overwritten: what is gone is not left in free pages for whoever copies the file.
  connection.pragma('secure_delete = ON')
  connection.pragma('busy_timeout = 0')
  keepStatements(connection)
  return connection
}

/** Creates the file where there is none. Throws when it cannot be opened. */
export function openSqlite(file: string): Database {
  const connection = connect(file)
  const tx = drizzle(connection) as unknown as Tx

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
    read: (work) => hold(untilUnlocked, () => work(tx)),
    // All or nothing too, so that nothing is done twice when the lock is missed half-way.
    run: (work) => hold(untilUnlocked, () => atomically('BEGIN', work)),
    // IMMEDIATE takes the write lock now: a read that turns into a write later could lose it to another process.
    transaction: (work) => hold(untilUnlocked, () => atomically('BEGIN IMMEDIATE', work)),
    execute: (statement) => inTurn(async () => void connection.exec(statement)),
    close: () => inTurn(async () => void connection.close()),
  }
}
