import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { type AppProcess, appProcess } from '../crash/app-process.ts'
import {
  eventually,
  type FailureCase,
  limitProcess,
  must,
  mustHaveLeftNothing,
  mustRefuseForNow,
  signUp,
  watchHealth,
} from './case.ts'
import { fillDisk, onSmallDisk } from './small-disk.ts'

/** Longer than the app waits for a lock. */
const LOCKED_MS = 7_000
/** An answer that waits for no lock and no hash: generous to a busy machine, far below the five seconds of a lock. */
const HEALTH_WITHIN_MS = 1_000
const FILE_SYSTEM_BYTES = 8 * 1024 * 1024

async function withApp(settings: Record<string, string>, work: (app: AppProcess) => Promise<string>): Promise<string> {
  const app = await appProcess({ MAIL_URL: 'mailbox:', ...settings })
  try {
    await app.start().ready
    // Nothing here starts it again, so whatever it answers afterwards it has recovered by itself.
    return await work(app)
  } finally {
    await app.end()
  }
}

/** Refused while it lasts, with nothing kept; the reason is in the log; taken when it is over. */
async function refusedThenTaken(app: AppProcess, mend: () => void): Promise<number> {
  const said = app.log().length
  const refused = await signUp(app.origin)
  mustRefuseForNow(refused)
  await eventually(() => app.log().slice(said).includes('request failed'), 5_000, 'The log says nothing of it')
  mend()
  await eventually(async () => (await signUp(app.origin)).status === 202, 10_000, 'It did not recover')
  await mustHaveLeftNothing(app.origin, refused.email)
  must((await signUp(app.origin, refused.email)).status === 202, 'The visitor who was refused cannot sign up later.')
  return refused.ms
}

const locked: FailureCase = {
  name: 'SQLite locked by another process',
  run: () =>
    withApp({}, async (app) => {
      const other = new Sqlite(join(app.dataDir, 'vestibule.db'))
      other.exec('BEGIN EXCLUSIVE')
      const stopWatching = watchHealth(app.origin)
      const unlocked = wait(LOCKED_MS).then(() => other.exec('COMMIT'))
      const ms = await refusedThenTaken(app, () => undefined)
      await unlocked
      other.close()
      const { times, failed } = await stopWatching()
      const slowest = Math.max(...times)
      const health = `/health at most ${Math.round(slowest)} ms`
      must(failed === 0 && slowest < HEALTH_WITHIN_MS, `Others were held up with it: ${health}, ${failed} failed.`)
      return `503 after ${(ms / 1000).toFixed(1)} s, ${health} meanwhile`
    }),
}

/** As a disk that has become read-only: the kernel refuses every byte, and reads go on. */
const unwritable: FailureCase = {
  name: 'SQLite: every write to a file refused',
  run: () =>
    withApp({}, async (app) => {
      // One byte a file leaves no room for any page.
      const limit = (bytes: string) => limitProcess(app.pid(), `fsize=${bytes}`)
      limit('1')
      const ms = await refusedThenTaken(app, () => limit('unlimited'))
      return `503 after ${Math.round(ms)} ms`
    }),
}

const diskFull: FailureCase = {
  name: 'SQLite: disk full',
  run: () =>
    onSmallDisk(FILE_SYSTEM_BYTES, (folder) =>
      withApp({ DATA_DIR: folder }, async (app) => {
        const ballast = join(folder, 'ballast')
        fillDisk(ballast)
        const ms = await refusedThenTaken(app, () => rmSync(ballast))
        return `503 after ${Math.round(ms)} ms`
      }),
    ),
}

export const SQLITE_FAILURES = [locked, unwritable, diskFull]
