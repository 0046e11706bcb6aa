import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { checkDatabaseFile } from './check-database-file.ts'
import { Refusal } from './refusal.ts'

/** ISO 8601, without the colons that some file systems refuse. */
export const timeInName = (now: number) => new Date(now).toISOString().replaceAll(':', '-')

/**
 * Copies the database as it is at this moment into `folder`, whoever writes meanwhile, and checks the copy. Resolves with
 * its path. Throws a Refusal; then there is no file under that name.
 */
export async function backUpSqlite(file: string, folder: string, now: number): Promise<string> {
  if (!existsSync(file)) throw new Refusal(`There is no database at ${file}: look at DATABASE_URL and DATA_DIR.`)
  makeFolder(folder)
  const backup = join(folder, `vestibule-${timeInName(now)}.db`)
  const draft = `${backup}.${process.pid}.draft`
  try {
    // Made before SQLite opens it, so that nobody else can read it for a moment.
    writeFileSync(draft, '', { flag: 'wx', mode: 0o600 })
    await copyDatabase(file, draft)
    finishCopy(draft)
    // A link never replaces a file, and is there whole or not at all.
    linkSync(draft, backup)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new Refusal(`${backup} is there already, and a backup is never written over.`)
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${draft}${end}`, { force: true })
  }
  return backup
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new Refusal(`${folder} cannot be made (${(error as NodeJS.ErrnoException).code}): name another folder.`)
  }
}

async function copyDatabase(file: string, draft: string): Promise<void> {
  const source = new Sqlite(file, { fileMustExist: true, timeout: 5_000 })
  try {
    // One view for all steps: without it the copy begins anew whenever another process has written, perhaps for ever.
    source.exec('BEGIN')
    source.prepare('SELECT count(*) FROM sqlite_schema').get()
    await source.backup(draft)
  } finally {
    source.close()
  }
}

/** One file that needs no other beside it, and whole. */
function finishCopy(draft: string): void {
  const copy = new Sqlite(draft, { fileMustExist: true })
  try {
    copy.pragma('journal_mode = DELETE')
    checkDatabaseFile(copy, 'The copy')
  } finally {
    copy.close()
  }
}
