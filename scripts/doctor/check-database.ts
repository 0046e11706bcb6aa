import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { type Database, type DatabaseLocation, openDatabase } from '#db/client'
import { tlsAdvice } from '#db/postgres-tls'
import { limits } from '#db/schema/tables'
import { type Finding, findingsOf, reasonOf } from './finding.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const { ok, warning, wrong } = findingsOf('database')

/** `db` is null where there is nothing further to ask; the caller closes it. */
interface Opened {
  db: Database | null
  findings: Finding[]
}

/** Opens the database that is there and makes none: reachable, of today's schema, writable. */
export async function openAndCheckDatabase(location: DatabaseLocation): Promise<Opened> {
  if (location.kind === 'sqlite' && !existsSync(location.file))
    return { db: null, findings: [warning(`${location.file} is not there yet: the first start makes it.`)] }
  const name = location.kind === 'sqlite' ? location.file : `Postgres at ${new URL(location.url).host}`
  let db: Database | null = null
  try {
    db = openDatabase(location)
    const schema = await checkMigrations(db, location.kind)
    if (schema) return { db: await closed(db), findings: [schema] }
    await writeAndTakeBack(db)
    return { db, findings: [ok(`${name} answers, takes writes and has every migration.`)] }
  } catch (error) {
    await closed(db)
    return {
      db: null,
      findings: [
        wrong(`${name} cannot be used (${tlsAdvice(error) ?? reasonOf(error)}): look at DATABASE_URL and DATA_DIR.`),
      ],
    }
  }
}

async function closed(db: Database | null): Promise<null> {
  await db?.close().catch(() => undefined)
  return null
}

/** Null when exactly the migrations of this version were applied. */
async function checkMigrations(db: Database, kind: DatabaseLocation['kind']): Promise<Finding | null> {
  const known = readMigrationFiles({ migrationsFolder: join(ROOT, 'db', 'migrations', kind) }).map(({ hash }) => hash)
  const applied = await appliedMigrations(db, kind)
  if (applied === null) return warning('The database is empty: the next start makes its tables.')
  if (applied.some((hash) => !known.includes(hash)))
    return wrong('A newer Vestibule migrated this database: install that version, or restore a backup.')
  const missing = known.filter((hash) => !applied.includes(hash)).length
  return missing > 0 ? wrong(`${missing} migrations are missing: restart Vestibule, which makes them.`) : null
}

/** The hashes; null when nothing was ever migrated here. */
async function appliedMigrations(db: Database, kind: DatabaseLocation['kind']): Promise<string[] | null> {
  const catalogue = kind === 'sqlite' ? sql`pragma_table_list` : sql`information_schema.tables`
  const column = kind === 'sqlite' ? sql`name` : sql`table_name`
  const journal = await db.run((tx) =>
    tx.select({ found: sql`1` }).from(catalogue).where(sql`${column} = 'migrations'`),
  )
  if (journal.length === 0) return null
  const rows = await db.run((tx) => tx.select({ hash: sql<string>`hash` }).from(sql`migrations`))
  return rows.map(({ hash }) => hash)
}

/** A committed write that leaves nothing: a full or read-only disk shows only here. */
async function writeAndTakeBack(db: Database): Promise<void> {
  const key = `doctor:${crypto.randomUUID()}`
  await db.transaction(async (tx) => {
    await tx.insert(limits).values({ key, count: 0, windowEndsAt: 0, blockedUntil: 0 })
    await tx.delete(limits).where(sql`${limits.key} = ${key}`)
  })
}
