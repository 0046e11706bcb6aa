import { globSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'playwright/test'
import { PAGE_PATHS, ROUTE_PATHS } from './addresses.ts'
import { ask } from './ask.ts'
import { startServer } from './start-server.ts'

// Every page and every route of the source, asked with every method: what is true of all answers.

const APP = process.env.E2E_ORIGIN ?? ''
const NO_ROUTES = [...PAGE_PATHS, '/nowhere', '/auth/nowhere', '/auth/signin/']
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND']
const TYPE = /^(?:text\/html; charset=utf-8|text\/plain(?:; ?charset=utf-8)?|application\/(?:problem\+)?json)$/iu

test('the source is read right', () => {
  expect(PAGE_PATHS).toEqual(expect.arrayContaining(['/', '/signin', '/reset/new', '/account']))
  expect(ROUTE_PATHS).toEqual(expect.arrayContaining(['/auth/signin', '/health', '/.well-known/change-password']))
  expect(PAGE_PATHS.length + ROUTE_PATHS.length).toBeGreaterThan(20)
})

for (const path of [...NO_ROUTES, ...ROUTE_PATHS]) {
  test(`${path}: no cache keeps it, a body has its type, and only the methods meant answer`, async () => {
    for (const method of METHODS) {
      const { status, headers, text } = await ask(APP, path, {}, { method })
      const tried = `${method} ${path}: ${status}`
      expect.soft(status, tried).toBeLessThan(500)
      expect.soft(headers['x-content-type-options'], tried).toBe('nosniff')
      // What is refused before anybody looks at who asks is the same for everybody.
      if (status !== 405 && status !== 308) expect.soft(headers['cache-control'], tried).toMatch(/no-store/u)
      if (text !== '') expect.soft(headers['content-type'], tried).toMatch(TYPE)
      if (status === 405) expect.soft(headers.allow, tried).toMatch(/^[A-Z]+(?:, [A-Z]+)*$/u)
      const meant = ['GET', 'HEAD', ...(ROUTE_PATHS.includes(path) ? ['POST', 'DELETE'] : [])]
      if (!meant.includes(method)) expect.soft([308, 405], tried).toContain(status)
    }
  })
}

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
  const files = [script.replace('.next', '/_next'), '/_next/static/nowhere.js', '/robots.txt']
  for (const path of [...NO_ROUTES, ...ROUTE_PATHS, ...files])
    for (const method of ['GET', 'POST', 'TRACE']) {
      const { headers } = await ask(server.origin, path, {}, { method })
      expect.soft(headers['strict-transport-security'], `${method} ${path}`).toBe('max-age=63072000; includeSubDomains')
    }
  await server.stop()
})
