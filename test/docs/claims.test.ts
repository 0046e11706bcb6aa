import { globSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { getTableColumns } from 'drizzle-orm'
import fc from 'fast-check'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { users } from '#db/schema/sqlite'
import { makeChallenge } from '#lib/auth/challenge'
import { deviceCookie, endPendingCookie, endSessionCookie, pendingCookie, sessionCookie } from '#lib/http/cookies'
import { apiHeaders } from '#lib/http/respond'
import { logOptions } from '#lib/log'
import { commonPasswords } from '#lib/passwords/blocklist'
import { systemRandom } from '#lib/random'
import { makeSecrets } from '#lib/secrets'
import { ROOT, readPage } from './pages.ts'

// What docs/asvs.md and docs/threats.md say of the whole, where no test beside a file could show it.

const SOURCES = globSync(['{app,components,db,lib}/**/*.{ts,tsx}', '*.{ts,mjs}'], { cwd: ROOT })
  .filter((path) => !/\.test\.tsx?$|\.config\./u.test(path))
  .map((path) => ({ path, text: readPage(path) }))
const pathsWith = (pattern: RegExp) => SOURCES.filter(({ text }) => pattern.test(text)).map(({ path }) => path)
const found = (pattern: RegExp) => [...new Set(SOURCES.flatMap(({ text }) => text.match(pattern) ?? []))].toSorted()

describe('the source has', () => {
  test.each([
    ['no command of the system', /node:child_process/u, "import { exec } from 'node:child_process'"],
    ['no pattern made from text', /\bRegExp\(/u, 'new RegExp(typed)'],
    ['no code made from text', /\beval\(|\bnew Function\(/u, 'eval(typed)'],
    ['no message between windows', /postMessage|['"]message['"],/u, "addEventListener('message', f)"],
    ['no element found by a global name', /document\.(?:forms|all)\b|window\[/u, 'document.forms[0]'],
    ['no storage of the browser', /localStorage|sessionStorage|indexedDB/u, 'localStorage.setItem(a, b)'],
    ['no cached page or query', /['"]use cache|unstable_cache/u, "'use cache'"],
    ['no Server Action', /['"]use server['"]/u, "'use server'"],
    ['no plug-in', /<(?:object|embed|applet)\s/u, '<object data={file} />'],
    ['no certificate left unchecked', /rejectUnauthorized: false|NODE_TLS_REJECT/u, 'rejectUnauthorized: false'],
    [
      'no hash compared by the time it takes to differ',
      /(?:[a-z]Hash|(?<!\.)\bhash)\)? (?:===|!==) (?!null|undefined)|(?:===|!==) (?:[\w.]*[a-z]Hash|hash)\b/u,
      'stored === challenge.codeHash',
    ],
    ['no setting that is built into what browsers load', /NEXT_PUBLIC_/u, 'process.env.NEXT_PUBLIC_KEY'],
    ['no UUID for a random value', /randomUUID/u, 'crypto.randomUUID()'],
  ])('%s', (_name, pattern, sample) => {
    expect(sample).toMatch(pattern)
    expect(SOURCES.length).toBeGreaterThan(100)
    expect(pathsWith(pattern)).toEqual([])
  })

  test('fetch in the browser alone, for its own site', () => {
    expect(pathsWith(/\bfetch\(/u).toSorted()).toEqual(['components/mailbox-refresh.tsx', 'lib/api-client.ts'])
  })

  test('cryptography in these files, by these algorithms', () => {
    expect(pathsWith(/\b(?:createHash|createHmac|createCipheriv|hkdfSync|timingSafeEqual)\b/u).toSorted()).toEqual([
      'lib/auth/token.ts',
      'lib/passwords/scheme.ts',
      'lib/secrets.ts',
    ])
    expect(found(/create(?:Hash|Hmac|Cipheriv|Decipheriv)\('[^']+'|hkdfSync\('[^']+'/gu)).toEqual([
      "createCipheriv('aes-256-gcm'",
      "createDecipheriv('aes-256-gcm'",
      "createHash('sha256'",
      "createHmac('sha256'",
      "createHmac('sha384'",
      "hkdfSync('sha256'",
    ])
  })
})

describe('the database has', () => {
  test('nothing of an account but its address, its password hash, a browser and times', () => {
    expect(Object.keys(getTableColumns(users)).toSorted()).toEqual(
      ['createdAt', 'deviceHash', 'disabledAt', 'email', 'emailKey', 'id', 'passwordHash', 'verifiedAt'].toSorted(),
    )
  })

  test('no row after its migrations', () => {
    const migrations = globSync('db/migrations/**/*.sql', { cwd: ROOT })
    expect(migrations.length).toBeGreaterThan(1)
    expect(migrations.filter((path) => /\binsert\b/iu.test(readPage(path)))).toEqual([])
  })
})

test('the blocklist has more than 3,000 passwords that would be long enough', () => {
  expect([...commonPasswords()].filter((password) => password.length >= 8).length).toBeGreaterThan(3000)
})

/** What these do is counted and cannot hang, so they have no time limit: a starved machine takes as long as it takes. */
const COUNTED_WORK = { timeout: 0 }

test('a hundred thousand tokens are all different, and each of their bits is as often set as not', COUNTED_WORK, () => {
  const tokens = Array.from({ length: 100_000 }, () => systemRandom.token(32))
  expect(new Set(tokens).size).toBe(tokens.length)
  const set = new Array<number>(256).fill(0)
  for (const token of tokens) {
    const bytes = Buffer.from(token, 'base64url')
    for (let bit = 0; bit < 256; bit += 1) set[bit] = (set[bit] ?? 0) + (((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1)
  }
  // Seven standard deviations of 158 around one half: chance alone fails this once in 10^9 runs.
  expect(set.filter((count) => Math.abs(count - 50_000) > 7 * 158)).toEqual([])
})

test('a sweep over codes, the right one among them, finds it with the key alone', COUNTED_WORK, () => {
  const secrets = makeSecrets('a'.repeat(43))
  const { id, codeHash } = makeChallenge({ ...systemRandom, digits: () => '004242' }, secrets, 'verify', 'a@b.co')
  const sweep = (guessed: typeof secrets, to: number) =>
    Array.from({ length: to }, (_, n) => String(n).padStart(6, '0')).filter(
      (code) => guessed.codeHash(['verify', id, 'a@b.co', code]) === codeHash,
    )
  expect(sweep(secrets, 5000)).toEqual(['004242'])
  expect(sweep(makeSecrets('b'.repeat(43)), 20_000)).toEqual([])
})

test('no two sealed mails share a nonce', COUNTED_WORK, () => {
  const { seal } = makeSecrets('a'.repeat(43))
  const nonces = Array.from({ length: 10_000 }, () => seal('x', 'row').slice(0, 16))
  expect(new Set(nonces).size).toBe(nonces.length)
})

test('an answer of the API is no page, fits into no frame and is kept nowhere', () => {
  expect(Object.fromEntries(apiHeaders('id'))).toEqual({
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-request-id': 'id',
  })
})

test('every cookie is bound to this host, encrypted, and out of reach of scripts', () => {
  const source = readPage('lib/http/cookies.ts')
  expect(source.match(/stringifySetCookie\(\{/gu)).toHaveLength(1)
  for (const cookie of [sessionCookie('x'), deviceCookie('x'), endSessionCookie(), endPendingCookie()]) {
    const [pair = '', ...attributes] = cookie.split('; ')
    expect(pair).toMatch(/^__Host-/u)
    const kept = attributes.filter((attribute) => !attribute.startsWith('Max-Age='))
    expect(kept.toSorted()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure'])
  }
})

test('the longest cookie but the flash is below the 4,096 bytes that a browser keeps', () => {
  const [token, id] = [systemRandom.token(32), systemRandom.token(16)]
  const [email, next] = [`${'a'.repeat(64)}@${'b'.repeat(189)}`, `/${'c'.repeat(511)}`]
  const longest = { purpose: 'verify', challengeId: id, email, next, sentAt: Date.now(), resendAt: Date.now() } as const
  for (const cookie of [sessionCookie(token, 2_592_000), deviceCookie(token), pendingCookie(longest)])
    expect(cookie.length).toBeLessThan(2048)
})

test('whatever is logged is one line of JSON, with its time in UTC', () => {
  const hostile = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a\r\nb', '\u001b[2J', '%s%o', 'a\u2028b'))
  fc.assert(
    fc.property(hostile, hostile, (value, message) => {
      const stream = new PassThrough()
      pino({ ...logOptions, level: 'info' }, stream).info({ value }, message)
      const text = String(stream.read())
      expect(['\n', '\r', '\u001b'].filter((control) => text.slice(0, -1).includes(control))).toEqual([])
      expect(JSON.parse(text)).toMatchObject({ time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u) })
    }),
  )
})
