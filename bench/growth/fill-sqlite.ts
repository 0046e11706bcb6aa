import { hash } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import { migrate } from '../../db/migrate.ts'
import { insertStatement, TABLES } from './rows.ts'

/** Accounts a transaction: the sort before each insert stays in memory. */
const CHUNK = 250_000

/** Migrates a new file and fills it, then runs `more`. The indexes are built afterwards, by sorting, which is what makes this a matter of minutes. */
export async function fillSqlite(
  file: string,
  size: number,
  say: (what: string) => void,
  more: string[] = [],
): Promise<void> {
  await migrate({ kind: 'sqlite', file })
  const connection = new Sqlite(file)
  connection.function('h', { deterministic: true }, (text) => hash('sha256', String(text), 'base64url'))
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'foreign_keys = OFF', 'cache_size = -1500000'])
    connection.pragma(pragma)
  const indexes = connection
    .prepare("select name, sql from sqlite_master where type = 'index' and sql is not null")
    .all() as { name: string; sql: string }[]
  for (const { name } of indexes) connection.exec(`drop index ${name}`)
  for (const table of TABLES) {
    for (let first = 1; first <= size; first += CHUNK)
      connection.exec(insertStatement(table, first, Math.min(size, first + CHUNK - 1), size))
    say(table.name)
  }
  for (const statement of more) connection.exec(statement)
  for (const { sql } of indexes) connection.exec(sql)
  connection.pragma('journal_mode = WAL')
  connection.close()
  say('indexes')
}

/** Bytes of each table and index. */
export function sizesSqlite(file: string): Map<string, number> {
  const connection = new Sqlite(file, { readonly: true })
  const rows = connection.prepare('select name, pgsize from dbstat where aggregate = true').all()
  connection.close()
  return new Map((rows as { name: string; pgsize: number }[]).map(({ name, pgsize }) => [name, pgsize]))
}
