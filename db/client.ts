import type { NodePgDatabase } from 'drizzle-orm/node-postgres'
import { openPostgres } from './open-postgres.ts'
import { openSqlite } from './open-sqlite.ts'

/** All that a query may use, on either database. Typed as Postgres, the stricter of the two. */
export type Tx = Pick<NodePgDatabase, 'select' | 'insert' | 'update' | 'delete'>
export type Work<T> = (tx: Tx) => Promise<T>
/** What a query may use that changes nothing. */
export type Reader = Pick<Tx, 'select'>

export interface Db {
  /** One query, which sees what was committed before it. */
  read<T>(query: (tx: Reader) => Promise<T>): Promise<T>
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

/** Opens the database; SQLite creates the file. Throws when it cannot be opened. */
export function openDatabase(location: DatabaseLocation): Database {
  return location.kind === 'postgres' ? openPostgres(location.url, location.pool) : openSqlite(location.file)
}
