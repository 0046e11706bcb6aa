import { globSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'playwright/test'
import { methodsAt, PAGE_PATHS, ROUTE_PATHS } from './addresses.ts'
import { ask, type RawAnswer } from './ask.ts'
import { startServer } from './start-server.ts'

// Every page and every route of the source, asked with every method: what is true of all answers.

const APP = process.env.E2E_ORIGIN ?? ''
/** Almost a route or a file, each in its own way, and never one: the page that says so answers, or a redirect. */
const NEAR_MISSES = [
  ...ROUTE_PATHS,
  '/auth',
  '/ready',
  '/robots.txt',
  '/favicon.ico',
  '/_next',
  '/_next/data/x',
  '/mailbox',
].flatMap((path) => [
  `${path}x`,
  `${path}.rsc`,
  `${path}/`,
  `${path}/x/y`,
  `${path}%`,
  `${path};x`,
  `/x${path}`,
  path.toUpperCase(),
])
const NO_ROUTES = [...PAGE_PATHS, '/nowhere', '/auth/nowhere', '/mailbox/messagesfoo', '/mailbox/messages/a/b']
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']
const TYPE = /^(?:text\/html; charset=utf-8|text\/plain(?:; ?charset=utf-8)?|application\/(?:problem\+)?json)$/iu
const PAGE_POLICY = /^default-src 'none'; script-src 'nonce-[\w+/]{22}==' 'strict-dynamic'; .*frame-ancestors 'none'/u

test('the source is read right', () => {
  expect(PAGE_PATHS).toEqual(expect.arrayContaining(['/', '/signin', '/reset/new', '/account']))
  expect(ROUTE_PATHS).toEqual(expect.arrayContaining(['/auth/signin', '/health', '/.well-known/change-password']))
  expect(PAGE_PATHS.length + ROUTE_PATHS.length).toBeGreaterThan(20)
  expect(ROUTE_PATHS.filter((path) => methodsAt(path).length === 0)).toEqual([])
  expect(methodsAt('/mailbox/messages')).toEqual(['GET', 'HEAD', 'DELETE'])
})

/** What a page has, whatever it says: nothing on it runs that this answer does not name. */
function expectPageHeaders({ headers }: RawAnswer, tried: string) {
  expect.soft(headers['content-security-policy'], tried).toMatch(PAGE_POLICY)
  expect.soft(headers['x-frame-options'], tried).toBe('DENY')
  expect.soft(headers['cross-origin-opener-policy'], tried).toBe('same-origin')
  expect.soft(headers['cross-origin-resource-policy'], tried).toBe('same-origin')
}

for (const path of [...NO_ROUTES, ...ROUTE_PATHS]) {
  test(`${path}: no cache keeps it, a body has its type, and only the methods meant answer`, async () => {
    const documented = methodsAt(path)
    const meant = documented.length > 0 ? documented : ['GET', 'HEAD']
    for (const method of METHODS) {
      const answer = await ask(APP, path, {}, { method })
      const { status, headers, text } = answer
      const tried = `${method} ${path}: ${status}`
      expect.soft(status, tried).toBeLessThan(500)
      expect.soft(headers['x-content-type-options'], tried).toBe('nosniff')
      expect.soft(headers['cache-control'], tried).toMatch(/no-store/u)
      if (text !== '') expect.soft(headers['content-type'], tried).toMatch(TYPE)
      if (headers['content-type']?.startsWith('text/html')) expectPageHeaders(answer, tried)
      if (documented.length > 0) expect.soft(headers['x-request-id'], tried).toMatch(/^[\w-]{22}$/u)
      expect.soft(status === 405, tried).toBe(!meant.includes(method))
      if (!meant.includes(method)) expectRefusal(answer, { method, meant }, tried)
    }
  })
}

function expectRefusal(
  { headers, text }: RawAnswer,
  { method, meant }: { method: string; meant: string[] },
  tried: string,
) {
  expect.soft(headers.allow, tried).toBe(meant.join(', '))
  expect.soft(headers['content-type'], tried).toBe('application/problem+json')
  expect.soft(headers['cache-control'], tried).toBe('no-store')
  if (method === 'HEAD') return expect.soft(text, tried).toBe('')
  const requestId = headers['x-request-id']
  expect.soft(JSON.parse(text), tried).toMatchObject({ status: 405, code: 'method_not_allowed', requestId })
}

test('what is almost a route is a page or leads to one, and says what a page says', async () => {
  const nonces = new Set<string>()
  for (const path of new Set(NEAR_MISSES)) {
    const answer = await ask(APP, path)
    const { status, headers } = answer
    const tried = `${path}: ${status}`
    // Of a mail, another name is another mail; whatever stands behind the name is no route.
    if (/^\/mailbox\/messages\/[^/]+$/u.test(path) && status === 404) {
      expect.soft(headers['content-type'], tried).toBe('application/problem+json')
      continue
    }
    expect.soft([308, 404], tried).toContain(status)
    if (status === 308) continue
    expectPageHeaders(answer, tried)
    nonces.add(String(headers['content-security-policy']))
  }
  expect(nonces.size).toBeGreaterThan(100)
})

test('the proxy in front asks whether it is ready, and no more than that', async () => {
  for (const method of METHODS) {
    const { status, headers } = await ask(APP, '/ready', {}, { method })
    const isMeant = method === 'GET' || method === 'HEAD'
    expect.soft([status, headers.allow], method).toEqual(isMeant ? [200, undefined] : [405, 'GET, HEAD'])
  }
})

test('a cookie of 8 KB, or a way to go on of 8 KB, shuts nobody out', async () => {
  const long = 'a'.repeat(8000)
  for (const path of ['/', '/signin', '/verify', '/account', '/auth/session'])
    for (const cookie of [`x=${long}`, `__Host-session=${long}`, `__Host-pending=${long}`, `__Host-flash=${long}`])
      expect
        .soft([200, 307, 401], `${path} ${cookie.slice(0, 16)}`)
        .toContain((await ask(APP, path, { cookie })).status)
  for (const path of ['/signin', '/signup', '/reset'])
    expect.soft((await ask(APP, `${path}?next=/${long}`)).status, path).toBe(200)
  const form = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': 20 }
  const { status, headers } = await ask(APP, `/auth/signin?next=/${long}`, form, {
    method: 'POST',
    body: 'email=a&password=abc',
  })
  expect([status, headers.location]).toEqual([303, '/signin'])
  // What the browser brings back with the next request, all together, is far from the 16 KB that are read.
  expect((headers['set-cookie'] ?? []).join('').length).toBeLessThan(4096)
  // More than that is refused by Node, before anything is read.
  expect((await ask(APP, '/', { cookie: `x=${'a'.repeat(20_000)}` })).status).toBe(431)
})

test('behind TLS every answer says so: pages, routes, files, what is not there and what is refused', async () => {
  const mail = { MAIL_URL: 'smtp://localhost:2525', MAIL_FROM: 'no-reply@example.com' }
  const behindTls = { APP_ORIGIN: 'https://id.example.com', TRUSTED_PROXY_HOPS: '1', LIMIT_SCALE: '1', ...mail }
  const server = await startServer(behindTls)
  const [script = ''] = globSync('.next/static/**/*.js', { cwd: dirname(import.meta.dirname) })
  const files = [script.replace('.next', '/_next'), '/_next/static/nowhere.js', '/robots.txt', '/auth/signin/']
  for (const path of [...NO_ROUTES, ...ROUTE_PATHS, ...files])
    for (const method of ['GET', 'POST', 'TRACE']) {
      const { headers } = await ask(server.origin, path, {}, { method })
      expect.soft(headers['strict-transport-security'], `${method} ${path}`).toBe('max-age=63072000; includeSubDomains')
    }
  await server.stop()
})
