import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'playwright/test'
import { freePort, type RunningServer, startServer } from './start-server.ts'

// server.ts answers the API itself. The same routes, served by Next alone, must say the same to the byte.

const ROOT = dirname(import.meta.dirname)
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const ROUTES = [
  '/auth/signup',
  '/auth/signin',
  '/auth/signin/request',
  '/auth/signout',
  '/auth/session',
  '/auth/sessions',
  '/auth/sessions/end',
  '/auth/verify',
  '/auth/verify/request',
  '/auth/verify/preview',
  '/auth/verify/reject',
  '/auth/password/change',
  '/auth/password/reset',
  '/auth/password/reset/request',
  '/health',
  '/mailbox/messages',
  `/mailbox/messages/${'A'.repeat(22)}`,
  '/.well-known/change-password',
]
const JSON_TYPE = { 'content-type': 'application/json' }
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }
const ANN = { email: 'ann@example.com', password: 'a lantern in the hall' }
const CHALLENGE = 'A'.repeat(22)
const TOKEN = 'b'.repeat(43)

interface Sent {
  method: string
  path: string
  headers?: Record<string, string>
  body?: string | Buffer
}

const posts = (path: string, bodies: (string | Buffer)[], headers: Record<string, string>): Sent[] =>
  bodies.map((body) => ({ method: 'POST', path, headers, body }))
const json = (path: string, ...bodies: object[]) =>
  posts(
    path,
    bodies.map((body) => JSON.stringify(body)),
    JSON_TYPE,
  )
const form = (path: string, ...bodies: Record<string, string>[]) =>
  posts(
    path,
    bodies.map((body) => new URLSearchParams(body).toString()),
    FORM_TYPE,
  )

const CORPUS: Sent[] = [
  ...ROUTES.flatMap((path) => METHODS.map((method) => ({ method, path }))),
  { method: 'GET', path: '/auth/session?a=1&a=2' },
  { method: 'GET', path: '/auth/session', headers: { cookie: `__Host-session=${TOKEN}; __Host-device=${TOKEN}` } },
  { method: 'GET', path: '/auth/session', headers: { cookie: `__Host-session=${'x'.repeat(5_000)}` } },
  ...json(
    '/auth/signup',
    ANN,
    ANN,
    { ...ANN, password: 'password' },
    { email: 'nobody', password: 'x' },
    { ...ANN, role: 'admin' },
  ),
  ...form('/auth/signup', { ...ANN, email: 'ben@example.com' }, { email: 'nobody', password: 'x' }),
  ...form('/auth/signin?next=%2Faccount', ANN, { ...ANN, password: 'not the one' }),
  ...json('/auth/signin', ANN, { ...ANN, email: 'nobody@example.com' }),
  ...json('/auth/signin/request', { email: ANN.email }),
  // Another address: whether the gap between two mails to one is over already, the two servers need not agree.
  ...form('/auth/signin/request', { email: 'ben@example.com' }),
  ...json('/auth/verify/request', { email: ANN.email }),
  ...json('/auth/verify', { challengeId: CHALLENGE, token: '123456' }, { challengeId: CHALLENGE, token: TOKEN }, {}),
  ...form('/auth/verify', { challengeId: CHALLENGE, token: '123456' }),
  ...json('/auth/verify/preview', { challengeId: CHALLENGE, token: TOKEN }),
  ...json('/auth/verify/reject', { challengeId: CHALLENGE, token: TOKEN }),
  ...json('/auth/password/reset/request', { email: ANN.email }),
  ...json('/auth/password/reset', { challengeId: CHALLENGE, token: '12345678', password: 'two lanterns more' }),
  ...json('/auth/password/change', { currentPassword: ANN.password, password: 'two lanterns more' }, {}),
  ...form('/auth/password/change', { currentPassword: ANN.password, password: 'two lanterns more' }),
  ...json('/auth/sessions/end', { sessionIds: [CHALLENGE], currentPassword: ANN.password }, { sessionIds: CHALLENGE }),
  ...posts(
    '/auth/sessions/end',
    [`sessionIds=${CHALLENGE}&sessionIds=${CHALLENGE}&currentPassword=x`, 'currentPassword=x&currentPassword=x'],
    FORM_TYPE,
  ),
  ...json('/auth/signout', {}),
  ...form('/auth/signout', { everywhere: 'true' }),
  ...posts(
    '/auth/signin',
    ['{', '[]', 'null', '"x"', '{"email":"a","email":"b"}', '\ufeff{}', Buffer.from([0xff])],
    JSON_TYPE,
  ),
  ...posts('/auth/signin', ['email=a&email=b', '%', ''], FORM_TYPE),
  ...posts('/auth/signin', ['x'.repeat(16_384), 'x'.repeat(16_385), 'x'.repeat(200_000)], JSON_TYPE),
  ...posts('/auth/signin', ['email=a'], { 'content-type': 'text/plain' }),
  ...posts('/auth/signin', ['{}'], { 'content-type': 'application/json; charset=utf-16' }),
  ...posts('/auth/signin', [JSON.stringify(ANN)], { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }),
  ...posts('/auth/signin', [JSON.stringify(ANN)], { ...JSON_TYPE, origin: 'https://evil.example' }),
  { method: 'PUT', path: '/auth/session', headers: JSON_TYPE, body: '{}' },
]

/** How an answer travels is the business of whoever sends it; Next names its router's headers in every Vary. */
const TRANSPORT = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding', 'vary'])
/** Fresh for every answer: ids, tokens and times. */
const masked = (text: string) =>
  text
    .replace(/(__Host-\w+=)[\w.%-]+/gu, '$1*')
    .replace(/("(?:requestId|challengeId)":")[\w-]{22}"/gu, '$1*"')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]{12}Z/gu, 'TIME')

async function answerOf(origin: string, { method, path, headers, body }: Sent) {
  const response = await fetch(origin + path, {
    method,
    redirect: 'manual',
    // Next squeezes even the shortest answer; server.ts leaves that to the proxy in front.
    headers: { 'accept-encoding': 'identity', ...headers },
    ...(body !== undefined && { body: body as BodyInit }),
  })
  const shown = [...response.headers].filter(([name]) => !TRANSPORT.has(name))
  return {
    status: response.status,
    headers: shown.map(([name, value]) => `${name}: ${name === 'x-request-id' ? value.length : masked(value)}`),
    body: masked(Buffer.from(await response.arrayBuffer()).toString('latin1')),
  }
}

let lane: RunningServer
let next: { origin: string; process: ChildProcess; data: string }

test.beforeAll(async () => {
  const settings = { LIMIT_SCALE: '1000' }
  lane = await startServer(settings)
  const port = await freePort()
  const data = mkdtempSync(join(tmpdir(), 'vestibule-next-'))
  const env = {
    ...process.env,
    ...settings,
    APP_ORIGIN: lane.origin,
    BCRYPT_COST: '10',
    DATA_DIR: data,
    NODE_ENV: 'production',
  }
  const bin = join(ROOT, 'node_modules/next/dist/bin/next')
  const started = spawn(process.execPath, [bin, 'start', '-p', String(port)], {
    cwd: ROOT,
    env: env as NodeJS.ProcessEnv,
    stdio: 'ignore',
  })
  next = { origin: `http://localhost:${port}`, process: started, data }
  for (let tries = 0; tries < 600; tries++) {
    if ((await fetch(`${next.origin}/health`).catch(() => null))?.ok) return
    await wait(50)
  }
  throw new Error('Next alone did not become ready.')
})

test.afterAll(async () => {
  const ended = once(next.process, 'close')
  next.process.kill('SIGTERM')
  await ended
  rmSync(next.data, { recursive: true, force: true })
  await lane.stop()
})

test('one corpus of requests is answered alike by server.ts itself and by Next', async () => {
  test.setTimeout(120_000)
  const statuses = new Set<number>()
  for (const sent of CORPUS) {
    const [here, there] = await Promise.all([answerOf(lane.origin, sent), answerOf(next.origin, sent)])
    expect.soft(here, `${sent.method} ${sent.path} ${sent.body?.slice(0, 60) ?? ''}`).toEqual(there)
    statuses.add(here.status)
  }
  // Answers of many kinds were compared, not one refusal a hundred times.
  expect([...statuses]).toEqual(expect.arrayContaining([200, 202, 303, 400, 401, 403, 405, 413, 415, 422]))
})

test('whoever leaves half-way through a body is no error, and costs nobody else an answer', async () => {
  const abort = new AbortController()
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"email":')) })
  const leaving = fetch(`${lane.origin}/auth/signin`, {
    method: 'POST',
    headers: JSON_TYPE,
    body,
    duplex: 'half',
    signal: abort.signal,
  } as RequestInit)
  await wait(200)
  abort.abort()
  await expect(leaving).rejects.toThrow()
  expect((await fetch(`${lane.origin}/health`)).status).toBe(200)
  expect(lane.log()).not.toContain('"level":"error"')
})
