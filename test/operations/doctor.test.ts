import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrate } from '#db/migrate'

const ROOT = dirname(dirname(import.meta.dirname))

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vestibule-doctor-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

/** The command itself, with settings of its own. */
async function doctor(settings: Record<string, string>, ...args: string[]) {
  const none = { DATABASE_URL: '', APP_ORIGIN: '', HOST: '', MAIL_URL: '', MAIL_FROM: '', AUTH_SECRET: '' }
  const child = spawn(process.execPath, [join(ROOT, 'scripts/doctor.ts'), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...none, DATA_DIR: dataDir, PORT: '1', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk
    })
  await once(child, 'close')
  return { code: child.exitCode, said }
}

test('before the first start: warnings, exit code 2, and nothing is made', async () => {
  const { code, said } = await doctor({})
  expect(said).toMatch(/^ok {7}settings {2}Each is understood\. .*\n/u)
  expect(said).toMatch(/\n0 wrong, \d warning, \d ok\n$/u)
  expect(code).toBe(2)
  expect(readdirSync(dataDir)).toEqual([])
})

test('with a wrong setting: one line that says how to mend it, exit code 1', async () => {
  const { code, said } = await doctor({ PORT: 'three' })
  expect(said).toContain('wrong    settings  PORT must be a whole number from 1 to 65535, such as 3000.\n')
  expect(code).toBe(1)
})

test('for scripts: JSON, with the database and no secret in it', async () => {
  await migrate({ kind: 'sqlite', file: join(dataDir, 'vestibule.db') })
  const { said } = await doctor({ AUTH_SECRET: 'hunter2 Zq8mVx41 ktPw93 rLd0 uYb6' }, '--json')
  const { wrong, findings } = JSON.parse(said)
  expect(wrong).toBe(0)
  expect(findings).toContainEqual({ check: 'database', state: 'ok', message: expect.stringContaining('takes writes') })
  expect(said).not.toContain('hunter2')
})

test('an option that it does not have: how to call it, exit code 1', async () => {
  const { code, said } = await doctor({}, '--mail')
  expect(said).toContain('--send-mail you@example.com')
  expect(code).toBe(1)
})
