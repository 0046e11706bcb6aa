import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'playwright/test'
import { startServer } from './start-server.ts'

const ROOT = dirname(import.meta.dirname)
const post = (origin: string, path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(origin + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

/** Starts the entry with settings it cannot work with. */
function refuse(settings: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const data = mkdtempSync(join(tmpdir(), 'vestibule-entry-'))
  const env = { PATH: process.env.PATH, DATA_DIR: data, NODE_ENV: 'production', ...settings } as NodeJS.ProcessEnv
  const server = spawn(process.execPath, [join(ROOT, 'server.ts')], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  server.stderr.on('data', (chunk) => {
    said += chunk
  })
  return new Promise((resolve) =>
    server.once('close', (code) => {
      rmSync(data, { recursive: true, force: true })
      resolve({ code, said })
    }),
  )
}

test.describe('says in one sentence why it cannot start, and exits with 1', () => {
  test('a wrong setting', async () => {
    expect(await refuse({ PORT: 'three' })).toEqual({
      code: 1,
      said: 'PORT must be a whole number from 1 to 65535, such as 3000.\n',
    })
  })

  test('a public site that would show its mail to everyone', async () => {
    const { code, said } = await refuse({ APP_ORIGIN: 'https://id.example.com', TRUSTED_PROXY_HOPS: '1' })
    expect({ code, lines: said.trim().split('\n').length }).toEqual({ code: 1, lines: 1 })
    expect(said).toContain('MAIL_URL mailbox:')
  })

  test('a data folder that cannot be written to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vestibule-entry-'))
    writeFileSync(join(folder, 'file'), '')
    const { code, said } = await refuse({ DATA_DIR: join(folder, 'file', 'data') })
    rmSync(folder, { recursive: true })
    expect(code).toBe(1)
    expect(said).toMatch(/^The data folder \S+ cannot be written to: [^\n]+\.\n$/u)
  })

  test('a database that does not answer, without repeating its password', async () => {
    const { code, said } = await refuse({ DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/none' })
    expect(code).toBe(1)
    expect(said).toMatch(/^The database cannot be used \([^\n]+\): [^\n]+\.\n$/u)
    expect(said).not.toContain('hunter2')
  })

  test('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const { code, said } = await refuse({ PORT: String(port) })
    other.close()
    expect({ code, said }).toEqual({
      code: 1,
      said: `Port ${port} is in use: stop what uses it, or set PORT to another.\n`,
    })
  })
})

const signUpFrom = (origin: string, n: number, forwardedFor: string) =>
  post(
    origin,
    '/auth/signup',
    { email: `n${n}@example.com`, password: 'correct horse battery' },
    { 'x-forwarded-for': forwardedFor },
  )

test('without a trusted proxy, a forged X-Forwarded-For buys no second budget', async () => {
  const server = await startServer({ LIMIT_SCALE: '1' })
  const statuses: number[] = []
  for (let n = 1; n <= 6; n++) statuses.push((await signUpFrom(server.origin, n, `203.0.113.${n}`)).status)
  await server.stop()
  expect(statuses).toEqual([202, 202, 202, 202, 202, 429])
})

test('behind one trusted proxy, each client that it names has a budget of its own', async () => {
  const server = await startServer({ LIMIT_SCALE: '1', TRUSTED_PROXY_HOPS: '1' })
  const statuses: number[] = []
  for (let n = 1; n <= 6; n++) statuses.push((await signUpFrom(server.origin, n, `6.6.6.6, 203.0.113.${n}`)).status)
  for (let n = 7; n <= 11; n++) statuses.push((await signUpFrom(server.origin, n, `6.6.6.${n}, 203.0.113.6`)).status)
  await server.stop()
  expect(statuses).toEqual([...Array(10).fill(202), 429])
})

test('headers that would be believed further in do not come from clients', async () => {
  const forged = {
    'x-nonce': 'forged',
    'content-security-policy': "script-src 'nonce-forged'",
    'x-middleware-subrequest': 'proxy',
  }
  const response = await fetch(`${process.env.E2E_ORIGIN}/`, { headers: forged })
  expect(response.headers.get('content-security-policy')).toMatch(/script-src 'nonce-[A-Za-z0-9+/]{22}=='/u)
  expect(await response.text()).not.toContain('forged')
})

test('whoever says which parts of a page it shows, in words that Next cannot read, gets the page all the same', async () => {
  for (const state of ['%', '{}', '["",{"a":0}]']) {
    const headers = { rsc: '1', 'next-router-state-tree': state }
    const statuses = ['/signin', '/nowhere'].map(
      async (path) => (await fetch(process.env.E2E_ORIGIN + path, { headers })).status,
    )
    expect(await Promise.all(statuses)).toEqual([200, 404])
  }
})

test('SIGTERM lets requests in flight finish, takes no new ones, and ends with 0', async () => {
  // None may be answered before the signal: a connection that had come to rest by then would still be heard.
  const server = await startServer({ BCRYPT_COST: '14' })
  // A connection that is kept open and idle must not hold the end up.
  const { hostname, port } = new URL(server.origin)
  const idle = connect(Number(port), hostname)
  await new Promise((resolve) => idle.once('connect', resolve))
  const inFlight = [1, 2, 3, 4].map((n) =>
    post(server.origin, '/auth/signin', { email: `nobody${n}@example.com`, password: 'correct horse battery' }),
  )
  await new Promise((resolve) => setTimeout(resolve, 300))
  const ended = server.stop()
  expect((await Promise.all(inFlight)).map(({ status }) => status)).toEqual([401, 401, 401, 401])
  await expect(fetch(`${server.origin}/health`)).rejects.toThrow()
  expect(await ended).toBe(0)
})

test('more passwords than the queue holds are answered with busy, and only those; others are not held up', async () => {
  const server = await startServer({ LIMIT_SCALE: '1000' })
  const attempts = Array.from({ length: 90 }, (_, n) =>
    post(server.origin, '/auth/signin', { email: `crowd${n}@example.com`, password: 'correct horse battery' }),
  )
  const health = await fetch(`${server.origin}/health`)
  const answers = await Promise.all(attempts)
  const busy = answers.filter(({ status }) => status === 503)
  expect(health.status).toBe(200)
  expect(busy.length).toBeGreaterThan(0)
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(answers.length - busy.length)
  for (const response of busy) {
    expect(response.headers.get('retry-after')).toMatch(/^\d+$/u)
    expect(await response.json()).toMatchObject({ code: 'busy', status: 503 })
  }
  expect(await server.stop(['POST /auth/signin 503'])).toBe(0)
})
