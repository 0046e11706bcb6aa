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
import { backUpSqlite } from '../../scripts/backup/back-up-sqlite.ts'
import { column } from './database-files.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const WRITER = fileURLToPath(import.meta.resolve('./sign-up-writer.ts'))

let dataDir: string
let file: string
let env: NodeJS.ProcessEnv
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'vestibule-load-'))
  const settings = {
    DATA_DIR: dataDir,
    DATABASE_URL: '',
    APP_ORIGIN: '',
    MAIL_URL: '',
    AUTH_SECRET: 'zN4x0Wm7Qp1Rk8Ty2Uv6Lc9Hs3Jd5Fb_',
  }
  env = { ...process.env, ...settings, NODE_ENV: 'test', BCRYPT_COST: '4', LIMIT_SCALE: '1000000' }
  file = join(dataDir, 'vestibule.db')
  await migrate({ kind: 'sqlite', file })
  // Enough that the copy takes many steps, between which the writers get their turns.
  const counters = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
    INSERT INTO limits (key, count, window_ends_at, blocked_until) SELECT i || hex(zeroblob(1500)), 1, 0, 0 FROM n`
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

/** Whole, with everyone of `acknowledged`. Account, challenge and mail are one transaction: a torn copy has more of one. */
function expectWhole(backup: string, acknowledged: string[]) {
  expect(column(backup, 'PRAGMA integrity_check')).toEqual(['ok'])
  const emails = new Set(column(backup, 'SELECT email FROM users'))
  expect(acknowledged.filter((email) => !emails.has(email))).toEqual([])
  const users = column(backup, 'SELECT id FROM users ORDER BY 1')
  expect(column(backup, 'SELECT user_id FROM challenges ORDER BY 1')).toEqual(users)
  expect(column(backup, 'SELECT count(*) FROM outbox')).toEqual([users.length])
}

test('backups while four writers sign up are whole, and have everyone who was told so before they began', async () => {
  const writers = [startWriter('ann'), startWriter('bob')]
  const acknowledged = () => writers.flatMap((writer) => writer.acknowledged())
  while (writers.some((writer) => writer.acknowledged().length < 10)) await wait(20)

  const taken: { backup: string; before: string[] }[] = []
  for (let count = 0; count < 5; count++) {
    const before = acknowledged()
    taken.push({ before, backup: await backUpSqlite(file, join(dataDir, 'kept'), Date.now()) })
    while (acknowledged().length < before.length + 5) await wait(20)
  }
  expect(await Promise.all(writers.map((writer) => writer.stop()))).toEqual([0, 0])
  for (const { backup, before } of taken) expectWhole(backup, before)
}, 60_000)

test('npm run backup writes where it is told, says so, and that the secret is not in it', async () => {
  const args = [join(ROOT, 'scripts/backup.ts'), join(dataDir, 'kept')]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env })
  const [name = ''] = readdirSync(join(dataDir, 'kept'))
  expect(stdout).toContain(`Written and checked: ${join(dataDir, 'kept', name)}\n`)
  expect(stdout).toContain('The secret is not in it.')
  expectWhole(join(dataDir, 'kept', name), [])
})

test('on Postgres, npm run backup and npm run restore say how it is done there, and exit with 1', async () => {
  const postgres = { ...env, DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/none' }
  for (const [script, program] of [
    ['backup', 'pg_dump'],
    ['restore', 'pg_restore'],
  ] as const) {
    const run = promisify(execFile)(process.execPath, [join(ROOT, `scripts/${script}.ts`)], {
      cwd: ROOT,
      env: postgres,
    })
    await expect(run).rejects.toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(program) })
  }
})
