import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { type Database, openDatabase } from '#db/client'
import { makeLimits } from '#lib/limits/limits'
import type { TestDeps } from '../deps.ts'

/** Where this SQLite database lies. */
async function fileOf(db: Database): Promise<string> {
  const [main] = await db.run((tx) => tx.select({ file: sql<string>`file` }).from(sql`pragma_database_list`))
  return main?.file ?? ''
}

/** A folder with what an operator has: a database file, as it is now, that nobody has open. `remove` ends it. */
export async function folderWithCopyOf(db: Database) {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-operations-'))
  const file = join(folder, 'vestibule.db')
  await db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
  copyFileSync(await fileOf(db), file)
  return { folder, file, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The verbs on the database in this file. */
export function depsOn(file: string, deps: TestDeps): TestDeps {
  const db = openDatabase({ kind: 'sqlite', file })
  return { ...deps, db, limits: makeLimits(db, deps.now) }
}

/** What a statement finds in the file: the first column of each row. */
export function column(file: string, statement: string): unknown[] {
  const connection = new Sqlite(file, { readonly: true })
  try {
    return connection.prepare(statement).pluck().all()
  } finally {
    connection.close()
  }
}
