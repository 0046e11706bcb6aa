import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { Client } from 'pg'
import type { Place } from '../e2e/canary/find-secrets.ts'
import { startPostgres } from './start-postgres.ts'

/** Takes a table away that every visitor needs, and brings it back: the app answers 500 in between. */
const AWAY = 'alter table sessions rename to sessions_away'
const BACK = 'alter table sessions_away rename to sessions'

export interface CanaryDatabase {
  settings: Record<string, string>
  /** What lets the app in there, if anything does. */
  keys: string[]
  breakIt(): Promise<void>
  mend(): Promise<void>
  /** Every value of every row of every table, and the files where there are some. */
  places(): Promise<Place[]>
  close(): Promise<void>
}

export async function sqliteDatabase(): Promise<CanaryDatabase> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-canary-'))
  const withConnection = <T>(use: (connection: Sqlite.Database) => T): T => {
    const connection = new Sqlite(join(folder, 'vestibule.db'))
    try {
      return use(connection)
    } finally {
      connection.close()
    }
  }
  const rows = (connection: Sqlite.Database) => {
    const tables = connection.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[]
    return tables.map((name) => ({
      name: `the table ${name}`,
      text: JSON.stringify(connection.prepare(`select * from "${name}"`).raw().all()),
    }))
  }
  const files = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => ({
        name: `the file ${name}`,
        text: readFileSync(join(parentPath, name)).toString('latin1'),
      }))
  return {
    settings: { DATA_DIR: folder },
    keys: [],
    breakIt: async () => void withConnection((connection) => connection.exec(AWAY)),
    mend: async () => void withConnection((connection) => connection.exec(BACK)),
    // The files first: what the last connection closes leaves the log of writes behind it.
    places: async () => [...files(), ...withConnection(rows)],
    close: async () => rmSync(folder, { recursive: true }),
  }
}

export async function postgresDatabase(): Promise<CanaryDatabase> {
  const postgres = await startPostgres()
  const [role, password] = ['canary', 'canary-password-of-postgres']
  const owner = new Client({ connectionString: postgres.url })
  await owner.connect()
  await owner.query(`create role ${role} login superuser password '${password}'`)
  const url = new URL(postgres.url)
  Object.assign(url, { username: role, password })
  const tables = async () => {
    const found = await owner.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    )
    return found.rows.map(({ name }) => name)
  }
  const textOf = async (name: string) => {
    const { rows } = await owner.query<{ row: string }>(`select t::text as row from "${name}" t`)
    return { name: `the table ${name}`, text: rows.map(({ row }) => row).join('\n') }
  }
  return {
    settings: { DATABASE_URL: url.href },
    keys: [password],
    breakIt: async () => void (await owner.query(AWAY)),
    mend: async () => void (await owner.query(BACK)),
    places: async () => {
      const places: Place[] = []
      for (const name of await tables()) places.push(await textOf(name))
      return places
    },
    close: async () => {
      await owner.end()
      await postgres.stop()
    },
  }
}
