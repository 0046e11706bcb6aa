import type Sqlite from 'better-sqlite3'
import { Refusal } from './refusal.ts'

/** Throws a Refusal unless every page of this database is whole and Vestibule made it. `name` is how to call the file. */
export function checkDatabaseFile(connection: Sqlite.Database, name: string): void {
  const found = integrityOf(connection)
  if (found !== 'ok') throw new Refusal(`${name} is damaged (${found}): take another backup.`)
  const table = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('migrations', 'users')"
  if (connection.prepare(table).pluck().get() !== 2)
    throw new Refusal(`${name} is a database, but none of Vestibule: name a file that "npm run backup" wrote.`)
}

/** 'ok', or the first thing that is wrong. */
function integrityOf(connection: Sqlite.Database): string {
  try {
    return (
      String(connection.pragma('integrity_check(1)', { simple: true }))
        .split('\n')
        .at(-1) ?? ''
    )
  } catch (error) {
    return (error as Error).message
  }
}
