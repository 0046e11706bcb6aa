import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate } from '#db/migrate'
import { column } from './database-files.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const WRITER = fileURLToPath(import.meta.resolve('./sign-up-writer.ts'))

let dataDir: string
let env: NodeJS.ProcessEnv
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'vestibule-load-'))
  const settings = { DATA_DIR: dataDir, DATABASE_URL: '', APP_ORIGIN: '', MAIL_URL: '', AUTH_SECRET: 's'.repeat(32) }
  env = { ...process.env, ...settings, NODE_ENV: 'test', BCRYPT_COST: '4', LIMIT_SCALE: '1000000' }
  const file = join(dataDir, 'vestibule.db')
  await migrate({ kind: 'sqlite', file })
  // Enough that the copy takes many steps, between which the writers get their turns.
  const counters = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
    INSERT INTO limits SELECT i || hex(zeroblob(1500)), 1, 0, 0 FROM n`
  new Sqlite(file).exec(counters).close()
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

/** Signs up without end. `acknowledged` grows; `stop` waits for what was begun. */
function startWriter(name: string) {
  const child = spawn(process.execPath, [WRITER, name], {
    cwd: ROOT,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  const closed = once(child, 'close')
  const acknowledged = () => said.split('\n').slice(0, -1)
  const stop = async () => {
    child.stdin.end()
    await closed
    return child.exitCode
  }
  return { acknowledged, stop }
}

test('a backup while four writers sign up is whole, and has everyone who was told so before it began', async () => {
  const writers = [startWriter('ann'), startWriter('bob')]
  const acknowledged = () => writers.flatMap((writer) => writer.acknowledged())
  while (writers.some((writer) => writer.acknowledged().length < 20)) await wait(20)

  const before = acknowledged()
  await promisify(execFile)(process.execPath, [join(ROOT, 'scripts/backup.ts'), join(dataDir, 'kept')], {
    cwd: ROOT,
    env,
  })
  const after = acknowledged()
  expect(await Promise.all(writers.map((writer) => writer.stop()))).toEqual([0, 0])

  expect(after.length).toBeGreaterThan(before.length)
  const [name = ''] = readdirSync(join(dataDir, 'kept'))
  const backup = join(dataDir, 'kept', name)
  expect(column(backup, 'PRAGMA integrity_check')).toEqual(['ok'])
  const emails = new Set(column(backup, 'SELECT email FROM users'))
  expect(before.filter((email) => !emails.has(email))).toEqual([])
  // Account, challenge and mail are one transaction: a copy torn in the middle would have more of one.
  expect(column(backup, 'SELECT user_id FROM challenges ORDER BY 1')).toEqual(
    column(backup, 'SELECT id FROM users ORDER BY 1'),
  )
  expect(column(backup, 'SELECT count(*) FROM outbox')).toEqual([emails.size])
}, 60_000)
