import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from '#db/client'
import { currentSession } from '#lib/auth/current-session'
import { requestVerification } from '#lib/auth/request-verification'
import { signin } from '#lib/auth/signin'
import { signout } from '#lib/auth/signout'
import { verify } from '#lib/auth/verify'
import { browser, NOON, type TestDeps, testDeps } from '../../test/deps.ts'
import { byCode, byLink, codeOf, must, newestLetter, PASSWORD, signedUp, verified } from '../../test/journey.ts'
import { column, depsOn, folderWithCopyOf } from '../../test/operations/database-files.ts'
import { backUpSqlite } from './back-up-sqlite.ts'
import { restoreSqlite } from './restore-sqlite.ts'

const laptop = browser('laptop')
const BOB = 'bob@example.com'
/** One mail a minute to an address. */
const RESEND_GAP = 60_000

let deps: TestDeps
let live: Awaited<ReturnType<typeof folderWithCopyOf>>
beforeEach(async () => {
  deps = await testDeps()
})
afterEach(async () => {
  live.remove()
  await deps.db.close()
})

describe('a backup in the place of a later database', () => {
  test('brings accounts back, and lets in nothing that had ended since', async () => {
    const ann = await verified(deps, laptop)
    const bob = await signedUp(deps, laptop, BOB)
    live = await folderWithCopyOf(deps.db)
    const backup = await backUpSqlite(live.file, live.folder, NOON)
    const later = depsOn(live.file, deps)
    must(await signout(later, {}, { ...laptop, sessionToken: ann.token }))
    must(await verify(later, byCode(bob), laptop))
    await later.db.close()

    const { kept, ended } = await restoreSqlite(backup, live.file, NOON)
    expect(ended).toEqual({ sessions: 1, challenges: 2, mails: 2 })
    expect(column(kept ?? '', `SELECT count(*) FROM users WHERE email = '${BOB}' AND verified_at > 0`)).toEqual([1])
    deps.clock.advance(RESEND_GAP)
    const restored = depsOn(live.file, deps)
    expect(codeOf(await currentSession(restored, ann.token))).toBe('not_signed_in')
    expect(codeOf(await verify(restored, byCode(bob), laptop))).toBe('challenge_invalid')
    expect(codeOf(await verify(restored, byLink(bob), laptop))).toBe('challenge_invalid')
    expect(codeOf(await signin(restored, { email: 'ann@example.com', password: PASSWORD }, laptop))).toBe('ok')
    must(await requestVerification(restored, { email: BOB }, laptop))
    expect(codeOf(await verify(restored, byCode(newestLetter(deps, BOB)), laptop))).toBe('ok')
    await restored.db.close()
  })

  test('sends nothing again that the backup still owed', async () => {
    await signedUp(deps, laptop)
    live = await folderWithCopyOf(deps.db)
    await restoreSqlite(await backUpSqlite(live.file, live.folder, NOON), live.file, NOON)
    expect(column(live.file, 'SELECT payload FROM outbox')).toEqual([''])
    expect(column(live.file, 'SELECT failed_at FROM outbox')).toEqual([NOON])
  })

  test('is for its owner only, one file, and leaves the backup as it was', async () => {
    await signedUp(deps, laptop)
    live = await folderWithCopyOf(deps.db)
    const backup = await backUpSqlite(live.file, join(live.folder, 'backups'), NOON)
    const before = readFileSync(backup)
    await restoreSqlite(backup, live.file, NOON)
    expect(statSync(live.file).mode & 0o777).toBe(0o600)
    expect(readFileSync(backup).equals(before)).toBe(true)
    const name = 'vestibule.db.before-restore-2026-06-01T12-00-00.000Z'
    expect(readdirSync(live.folder).toSorted()).toEqual(['backups', 'vestibule.db', name])
  })

  test('where there was no database, it becomes one', async () => {
    await signedUp(deps, laptop)
    live = await folderWithCopyOf(deps.db)
    const file = join(live.folder, 'new.db')
    expect((await restoreSqlite(await backUpSqlite(live.file, live.folder, NOON), file, NOON)).kept).toBe(null)
    expect(column(file, 'SELECT email FROM users')).toEqual(['ann@example.com'])
  })
})

describe('is refused in one sentence, with nothing changed', () => {
  let backup: string
  beforeEach(async () => {
    await signedUp(deps, laptop)
    live = await folderWithCopyOf(deps.db)
    backup = await backUpSqlite(live.file, live.folder, NOON)
  })

  async function refused(sentence: RegExp) {
    const [names, bytes] = [readdirSync(live.folder), readFileSync(live.file)]
    await expect(restoreSqlite(backup, live.file, NOON)).rejects.toThrow(sentence)
    expect(readdirSync(live.folder)).toEqual(names)
    expect(readFileSync(live.file).equals(bytes)).toBe(true)
  }

  test('while something has the database open, however idle', async () => {
    const app = openDatabase({ kind: 'sqlite', file: live.file })
    await refused(/has .* open, most likely Vestibule itself: stop it and restore again\.$/u)
    await app.close()
  })

  test('a file with pages overwritten', async () => {
    const bytes = readFileSync(backup)
    bytes.fill(0x5a, 3 * 4096, 6 * 4096)
    writeFileSync(backup, bytes)
    await refused(/is damaged \([^\n]+\): take another backup\.$/u)
  })

  test('a file cut short', async () => {
    truncateSync(backup, 5 * 4096)
    await refused(/is damaged/u)
  })

  test('a file that is no database', async () => {
    writeFileSync(backup, 'Dear diary, today I made a backup.\n'.repeat(500))
    await refused(/is damaged \(file is not a database\): take another backup\.$/u)
  })

  test('a database of another program', async () => {
    writeFileSync(backup, '')
    new Sqlite(backup).exec('CREATE TABLE songs (title text)').close()
    await refused(/is a database, but none of Vestibule/u)
  })

  test('a backup of a newer version', async () => {
    new Sqlite(backup).exec("INSERT INTO migrations VALUES ('of tomorrow', 0)").close()
    await refused(/newer version of Vestibule/u)
  })

  test('a database in the place that is none', async () => {
    writeFileSync(live.file, 'x'.repeat(20_000))
    await refused(/cannot be opened .* move it away/u)
  })

  test('a file that is not there', async () => {
    backup = join(live.folder, 'nowhere.db')
    await refused(/^There is no file .*\.$/u)
  })
})
