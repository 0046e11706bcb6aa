import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { loadSecret, prepareDataDir } from './data-dir.ts'
import { type Env, readEnv, SettingsError } from './env.ts'

type Source = Record<string, string | undefined>
const PUBLIC: Source = {
  APP_ORIGIN: 'https://id.example.com',
  MAIL_URL: 'resend:',
  RESEND_API_KEY: 're_k',
  MAIL_FROM: 'a@example.com',
  TRUSTED_PROXY_HOPS: '1',
}
const SECRET = 'zN4x0Wm7Qp1Rk8Ty2Uv6Lc9Hs3Jd5Fb'.padEnd(32, '_')

function accepted(source: Source): Env {
  const result = readEnv(source)
  if (!result.ok) throw new SettingsError(result.problems)
  return result.env
}
const refused = (source: Source) => {
  const result = readEnv(source)
  return result.ok ? [] : result.problems
}

test('nothing set: a loopback origin, a file in ./data, the mailbox, cost 12, listening on this machine only', () => {
  expect(accepted({})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    appOrigin: 'http://localhost:3000',
    isLoopback: true,
    dataDir: join(process.cwd(), 'data'),
    database: { kind: 'sqlite', file: join(process.cwd(), 'data', 'vestibule.db') },
    mail: { kind: 'mailbox' },
    mailFrom: 'Vestibule <no-reply@localhost>',
    trustedProxyHops: 0,
    workers: availableParallelism(),
    hashThreads: availableParallelism(),
    hashQueue: 50,
    bcryptCost: 12,
    passwordMinLength: 8,
    siteName: 'Vestibule',
    limitScale: 1,
    eventsKeepDays: 365,
    logLevel: 'info',
  })
})

test('a setting left empty is a setting not set', () => {
  expect(accepted({ PORT: '', MAIL_URL: '', AUTH_SECRET: ' ' })).toEqual(accepted({}))
})

test('the origin follows the port, and every way to write this machine is loopback', () => {
  expect(accepted({ PORT: '4321' }).appOrigin).toBe('http://localhost:4321')
  for (const origin of ['http://127.0.0.1:3000', 'http://127.9.9.9', 'http://[::1]:3000', 'https://app.localhost']) {
    expect(accepted({ APP_ORIGIN: origin })).toMatchObject({ appOrigin: origin, isLoopback: true })
  }
  expect(accepted({ APP_ORIGIN: 'http://[::1]:3000' }).host).toBe('::1')
  expect(accepted({ ...PUBLIC, APP_ORIGIN: 'https://localhost.example.com' }).isLoopback).toBe(false)
})

test('a public site with each transport', () => {
  expect(accepted(PUBLIC).mail).toEqual({ kind: 'resend', apiKey: 're_k' })
  const smtp = {
    ...PUBLIC,
    MAIL_URL: 'smtp://user:pass@mail.example.com:587',
    MAIL_FROM: 'Site <no-reply@example.com>',
  }
  expect(accepted(smtp)).toMatchObject({ mail: { kind: 'smtp', url: smtp.MAIL_URL }, mailFrom: smtp.MAIL_FROM })
})

test('a public site that only its proxy can reach says how many there are; where others reach it too, none may stand there', () => {
  expect(accepted(PUBLIC).trustedProxyHops).toBe(1)
  expect(accepted({ ...PUBLIC, TRUSTED_PROXY_HOPS: '0', HOST: '0.0.0.0' }).trustedProxyHops).toBe(0)
  expect(accepted({ APP_ORIGIN: 'https://app.localhost', TRUSTED_PROXY_HOPS: '0' }).trustedProxyHops).toBe(0)
})

test('a local test may answer for Resend', () => {
  const env = accepted({ ...PUBLIC, APP_ORIGIN: 'http://localhost:3000', RESEND_BASE_URL: 'http://127.0.0.1:9' })
  expect(env.mail).toEqual({ kind: 'resend', apiKey: 're_k', baseUrl: 'http://127.0.0.1:9' })
})

test('a database file is relative to the data folder; Postgres is taken as it is', () => {
  expect(accepted({ DATA_DIR: '/srv/v', DATABASE_URL: 'file:a/b.db' }).database).toEqual({
    kind: 'sqlite',
    file: '/srv/v/a/b.db',
  })
  expect(accepted({ DATABASE_URL: 'file:///var/v.db' }).database).toEqual({ kind: 'sqlite', file: '/var/v.db' })
  const url = 'postgres://u:p@db.example.com/v'
  expect(accepted({ DATABASE_URL: url }).database).toEqual({ kind: 'postgres', url, pool: 10 })
})

describe('each wrong setting is one sentence that names it', () => {
  test.each<[string, Source]>([
    ['PORT', { PORT: '0' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '3000x' }],
    ['HOST', { HOST: 'http://x' }],
    ['APP_ORIGIN', { APP_ORIGIN: 'localhost:3000' }],
    ['APP_ORIGIN', { ...PUBLIC, APP_ORIGIN: 'https://id.example.com/app' }],
    ['APP_ORIGIN', { ...PUBLIC, APP_ORIGIN: 'ftp://id.example.com' }],
    ['APP_ORIGIN', { ...PUBLIC, APP_ORIGIN: 'http://id.example.com' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://db' }],
    ['AUTH_SECRET ', { AUTH_SECRET: 'hunter2hunter2' }],
    ['AUTH_SECRET ', { AUTH_SECRET: 's'.repeat(32) }],
    ['AUTH_SECRET ', { AUTH_SECRET: 'changeme'.repeat(4) }],
    ['AUTH_SECRET_PREVIOUS', { AUTH_SECRET_PREVIOUS: 'hunter2hunter2' }],
    ['MAIL_URL', { MAIL_URL: 'sendmail:' }],
    ['MAIL_URL', { MAIL_URL: 'smtp:' }],
    ['MAIL_URL', { APP_ORIGIN: 'https://id.example.com', TRUSTED_PROXY_HOPS: '1' }],
    ['MAIL_FROM', { MAIL_URL: 'smtp://localhost' }],
    ['MAIL_FROM', { MAIL_FROM: 'nobody' }],
    ['MAIL_FROM', { MAIL_FROM: 'a@example.com\r\nBcc: b@example.com' }],
    ['RESEND_API_KEY', { ...PUBLIC, RESEND_API_KEY: '' }],
    ['RESEND_BASE_URL', { ...PUBLIC, RESEND_BASE_URL: 'http://127.0.0.1:9' }],
    ['TRUSTED_PROXY_HOPS', { TRUSTED_PROXY_HOPS: '-1' }],
    ['TRUSTED_PROXY_HOPS', { ...PUBLIC, TRUSTED_PROXY_HOPS: '0' }],
    ['TRUSTED_PROXY_HOPS', { ...PUBLIC, TRUSTED_PROXY_HOPS: '', HOST: 'localhost' }],
    ['TRUSTED_PROXY_HOPS', { ...PUBLIC, TRUSTED_PROXY_HOPS: '', HOST: '::1' }],
    ['BCRYPT_COST', { BCRYPT_COST: '9' }],
    ['BCRYPT_COST', { BCRYPT_COST: '17' }],
    ['BCRYPT_COST', { ...PUBLIC, BCRYPT_COST: '4', NODE_ENV: 'test' }],
    ['PASSWORD_MIN_LENGTH', { PASSWORD_MIN_LENGTH: '7' }],
    ['SITE_NAME', { SITE_NAME: 'a\nb' }],
    ['LIMIT_SCALE', { LIMIT_SCALE: '0' }],
    ['DATABASE_POOL', { DATABASE_POOL: '0' }],
    ['DATABASE_POOL', { DATABASE_POOL: '101' }],
    ['LIMIT_SCALE', { ...PUBLIC, LIMIT_SCALE: '2' }],
    ['EVENTS_KEEP_DAYS', { EVENTS_KEEP_DAYS: '0' }],
    ['CSP_REPORT_URI', { CSP_REPORT_URI: 'http://reports.example.com/csp' }],
    ['CSP_REPORT_URI', { CSP_REPORT_URI: 'https://reports.example.com/csp; script-src *' }],
    ['CSP_REPORT_URI', { CSP_REPORT_URI: 'https://reports.example.com/csp",other="https://x' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
  ])('%s: %o', (name, source) => {
    const problems = refused(source)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(new RegExp(`^${name}.*\\.$`, 'u'))
  })
})

test('tests on this machine may hash at cost 4', () => {
  expect(accepted({ BCRYPT_COST: '4', NODE_ENV: 'test' }).bcryptCost).toBe(4)
})

test('a placeholder may be left behind: as the secret of before', () => {
  const settings = { AUTH_SECRET: SECRET, AUTH_SECRET_PREVIOUS: 'changeme'.repeat(4) }
  expect(accepted(settings).authSecretPrevious).toBe(settings.AUTH_SECRET_PREVIOUS)
})

test('several wrong settings are several sentences, and none repeats a secret', () => {
  const problems = refused({
    PORT: 'x',
    AUTH_SECRET: 'hunter2',
    MAIL_URL: 'smpt://me:hunter2@host',
    DATABASE_URL: 'pg://me:hunter2@db',
  })
  expect(problems).toHaveLength(4)
  expect(problems.join(' ')).not.toContain('hunter2')
})

describe('the secret', () => {
  const all = mkdtempSync(join(tmpdir(), 'vestibule-env-'))
  const folder = () => join(mkdtempSync(join(all, 'one-')), 'data')
  afterAll(() => rmSync(all, { recursive: true, force: true }))

  test('is AUTH_SECRET where that is set, and nothing is written', () => {
    const dataDir = folder()
    expect(loadSecret({ dataDir, authSecret: SECRET })).toBe(SECRET)
    expect(() => statSync(dataDir)).toThrow()
  })

  test('is made on first start, for this user only, and found again', () => {
    const dataDir = folder()
    const made = loadSecret({ dataDir })
    expect(Buffer.from(made, 'base64url')).toHaveLength(32)
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
    expect(statSync(join(dataDir, 'auth-secret')).mode & 0o777).toBe(0o600)
    expect(loadSecret({ dataDir })).toBe(made)
    expect(readdirSync(dataDir)).toEqual(['auth-secret'])
  })

  test('is one for processes that start together', async () => {
    const dataDir = folder()
    const script = `import { loadSecret } from ${JSON.stringify(join(import.meta.dirname, 'data-dir.ts'))}
      process.stdout.write(loadSecret({ dataDir: ${JSON.stringify(dataDir)} }))`
    const start = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
    const secrets = (await Promise.all([start(), start(), start(), start()])).map(({ stdout }) => stdout)
    expect(new Set(secrets)).toEqual(new Set([readFileSync(join(dataDir, 'auth-secret'), 'utf8').trim()]))
  })

  test('is never made anew over one that was damaged', () => {
    const dataDir = folder()
    prepareDataDir({ dataDir })
    writeFileSync(join(dataDir, 'auth-secret'), 'short\n')
    expect(() => loadSecret({ dataDir })).toThrow(SettingsError)
    writeFileSync(join(dataDir, 'auth-secret'), 'changeme'.repeat(4))
    expect(() => loadSecret({ dataDir })).toThrow(/ is a placeholder or could be guessed: .*\.$/u)
  })

  test('an unwritable data folder is one sentence', () => {
    const file = join(mkdtempSync(join(all, 'one-')), 'file')
    writeFileSync(file, '')
    expect(() => loadSecret({ dataDir: join(file, 'data') })).toThrow(
      /^The data folder .* cannot be written to: .*\.$/u,
    )
  })
})
