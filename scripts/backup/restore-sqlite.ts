import { chmodSync, chownSync, copyFileSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { migrate } from '#db/migrate'
import { timeInName } from './back-up-sqlite.ts'
import { checkDatabaseFile } from './check-database-file.ts'
import { type Ended, endWhatMayHaveEnded } from './end-what-may-have-ended.ts'
import { Refusal } from './refusal.ts'

/** `kept`: where the database of before is now; null when there was none. */
export interface Restored {
  kept: string | null
  ended: Ended
}

/**
 * Puts a backup in the place of the database, with every session and challenge in it ended. Throws a Refusal, with nothing
 * changed, when the backup is not whole, is of a newer Vestibule, or when something has the database open.
 */
export async function restoreSqlite(backup: string, file: string, now: number): Promise<Restored> {
  if (!existsSync(backup)) throw new Refusal(`There is no file ${backup}: name the backup to restore.`)
  // Made ready beside the database, on the same disk, so that taking its place is one step.
  const draft = `${file}.${process.pid}.draft`
  try {
    copyFileSync(backup, draft)
    chmodSync(draft, 0o600)
    const ended = await makeReady(draft, backup, now)
    giveToOwner(draft, dirname(file))
    return { kept: replace(file, draft, now), ended }
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${draft}${end}`, { force: true })
  }
}

/** Checks it, brings it to today's schema and ends what must not live again. */
async function makeReady(draft: string, backup: string, now: number): Promise<Ended> {
  const connection = new Sqlite(draft, { fileMustExist: true })
  try {
    checkDatabaseFile(connection, backup)
  } finally {
    connection.close()
  }
  await migrate({ kind: 'sqlite', file: draft }).catch((error: Error) => {
    throw new Refusal(`${backup} cannot be brought to today's schema: ${error.message}`)
  })
  return endWhatMayHaveEnded(draft, now)
}

/** Root may restore for the user that runs Vestibule, who must be able to open it afterwards. */
function giveToOwner(draft: string, folder: string): void {
  const { uid, gid } = statSync(folder)
  if (process.getuid?.() === 0) chownSync(draft, uid, gid)
}

function replace(file: string, draft: string, now: number): string | null {
  if (!existsSync(file)) {
    linkSync(draft, file)
    return null
  }
  assertUnused(file)
  const kept = `${file}.before-restore-${timeInName(now)}`
  // A second name for the old one first: there is no moment without a database, in which a start would make an empty one.
  linkSync(file, kept)
  chmodSync(kept, 0o600)
  renameSync(draft, file)
  return kept
}

/**
 * Leaving WAL mode takes a lock that nobody gets while another has the database open, however idle; it also brings what
 * was written last into the one file that is kept.
 */
function assertUnused(file: string): void {
  let connection: Sqlite.Database | undefined
  try {
    connection = new Sqlite(file, { fileMustExist: true, timeout: 0 })
    connection.pragma('journal_mode = DELETE')
  } catch (error) {
    const { code, message } = error as Error & { code?: string }
    if (code?.startsWith('SQLITE_BUSY'))
      throw new Refusal(`Something has ${file} open, most likely Vestibule itself: stop it and restore again.`)
    throw new Refusal(
      `${file} cannot be opened (${message}): with Vestibule stopped, move it away, and what begins with its name too, and restore again.`,
    )
  } finally {
    connection?.close()
  }
}
