import path from 'node:path'
import Sqlite from 'better-sqlite3'
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator'
import { Client } from 'pg'
import type { DatabaseLocation } from './client.ts'
import { postgresOptions, tlsAdvice } from './postgres-tls.ts'

/** Any number will do, as long as every process that migrates one database uses the same. */
const ADVISORY_LOCK = 7_365_482
const LOCK_WAIT_MS = 60_000
const CREATE_JOURNAL = 'CREATE TABLE IF NOT EXISTS migrations (hash text PRIMARY KEY, applied_at bigint NOT NULL)'

const migrationsOf = (kind: DatabaseLocation['kind']) =>
  readMigrationFiles({ migrationsFolder: path.join(process.cwd(), 'db', 'migrations', kind) })

/** A newer Vestibule migrated this database: an older one must not write to it. */
function assertKnown(applied: string[], known: MigrationMeta[]): void {
  const hashes = new Set(known.map(({ hash }) => hash))
  if (applied.some((hash) => !hashes.has(hash)))
    throw new Error(
      'This database was migrated by a newer version of Vestibule. Install that version, or restore a backup.',
    )
}

function migrateSqlite(file: string): void {
  const connection = new Sqlite(file, { timeout: LOCK_WAIT_MS })
  try {
    connection.pragma('journal_mode = WAL')
    const migrations = migrationsOf('sqlite')
    connection
      .transaction(() => {
        connection.exec(CREATE_JOURNAL)
        const applied = connection.prepare('SELECT hash FROM migrations').pluck().all() as string[]
        assertKnown(applied, migrations)
        for (const { hash, sql } of migrations.filter((migration) => !applied.includes(migration.hash))) {
          for (const statement of sql) connection.exec(statement)
          connection.prepare('INSERT INTO migrations VALUES (?, ?)').run(hash, Date.now())
        }
      })
      .immediate()
  } finally {
    connection.close()
  }
}

async function migratePostgres(url: string): Promise<void> {
  const client = new Client({ ...postgresOptions(url), connectionTimeoutMillis: LOCK_WAIT_MS })
  await client.connect().catch((error: unknown) => {
    const advice = tlsAdvice(error)
    throw advice === null ? error : new Error(advice, { cause: error })
  })
  try {
    const migrations = migrationsOf('postgres')
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK])
    // Asked first: `IF NOT EXISTS` wants the right to create tables even where there is nothing to create.
    const { rows } = await client.query<{ journal: string | null }>("SELECT to_regclass('migrations') AS journal")
    if (rows[0]?.journal === null) await client.query(CREATE_JOURNAL)
    const applied = (await client.query<{ hash: string }>('SELECT hash FROM migrations')).rows.map(({ hash }) => hash)
    assertKnown(applied, migrations)
    for (const { hash, sql } of migrations.filter((migration) => !applied.includes(migration.hash))) {
      for (const statement of sql) await client.query(statement)
      await client.query('INSERT INTO migrations VALUES ($1, $2)', [hash, Date.now()])
    }
    await client.query('COMMIT')
  } finally {
    await client.end()
  }
}

/**
 * Brings the database to today's schema, in one transaction under a lock: however many processes start together, each
 * migration runs once. Throws, with nothing changed, when it cannot.
 */
export async function migrate(location: DatabaseLocation): Promise<void> {
  if (location.kind === 'postgres') await migratePostgres(location.url)
  else migrateSqlite(location.file)
}
