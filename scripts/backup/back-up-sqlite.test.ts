import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { browser, NOON, type TestDeps, testDeps } from '../../test/deps.ts'
import { signedUp } from '../../test/journey.ts'
import { column, folderWithCopyOf } from '../../test/operations/database-files.ts'
import { backUpSqlite } from './back-up-sqlite.ts'

let deps: TestDeps
let live: Awaited<ReturnType<typeof folderWithCopyOf>>
beforeEach(async () => {
  deps = await testDeps()
  await signedUp(deps, browser('laptop'))
  live = await folderWithCopyOf(deps.db)
})
afterEach(async () => {
  live.remove()
  await deps.db.close()
})

test('is one file under its time, for its owner only, with everything in it', async () => {
  const backup = await backUpSqlite(live.file, join(live.folder, 'backups'), NOON)
  expect(backup).toBe(join(live.folder, 'backups', 'vestibule-2026-06-01T12-00-00.000Z.db'))
  expect(readdirSync(join(live.folder, 'backups'))).toEqual(['vestibule-2026-06-01T12-00-00.000Z.db'])
  expect(statSync(backup).mode & 0o777).toBe(0o600)
  expect(statSync(join(live.folder, 'backups')).mode & 0o777).toBe(0o700)
  expect(column(backup, 'SELECT email FROM users')).toEqual(['ann@example.com'])
})

test('is never written over', async () => {
  const backup = await backUpSqlite(live.file, live.folder, NOON)
  const before = readFileSync(backup)
  await expect(backUpSqlite(live.file, live.folder, NOON)).rejects.toThrow(/is there already, .*\.$/u)
  expect(readFileSync(backup).equals(before)).toBe(true)
})

test('does not make the database that it was to copy', async () => {
  const missing = join(live.folder, 'other.db')
  await expect(backUpSqlite(missing, live.folder, NOON)).rejects.toThrow(/^There is no database at .*\.$/u)
  expect(readdirSync(live.folder)).toEqual(['vestibule.db'])
})

test('of a damaged database there is none', async () => {
  const bytes = readFileSync(live.file)
  bytes.fill(0x5a, 3 * 4096, 6 * 4096)
  writeFileSync(live.file, bytes)
  await expect(backUpSqlite(live.file, join(live.folder, 'backups'), NOON)).rejects.toThrow(/^The copy is damaged/u)
  expect(readdirSync(join(live.folder, 'backups'))).toEqual([])
})
