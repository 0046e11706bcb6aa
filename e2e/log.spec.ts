import { expect, test } from 'playwright/test'
import { startPostgres } from '../test/start-postgres.ts'
import { type RunningServer, startServer } from './start-server.ts'

const CANARY = 'canary-value'

interface Line {
  level: string
  msg: string
  [key: string]: unknown
}

/** What it said after the banner: its last line names the data file. Throws when a line is no JSON. */
function linesOf(server: RunningServer): Line[] {
  const lines = server.log().split('\n')
  const end = lines.findIndex((line) => /^ {2}Data /u.test(line))
  expect(end).toBeGreaterThan(0)
  return lines
    .slice(end + 1)
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

const post = (origin: string, headers: Record<string, string>, body: object) =>
  fetch(`${origin}/auth/signin`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

test('whatever is said after the banner is a line of JSON: refusals, a page that breaks, what Next has to say', async () => {
  const postgres = await startPostgres()
  const server = await startServer({ DATABASE_URL: postgres.url })
  const credentials = { email: 'ann@example.com', password: CANARY }
  const refused = {
    cross_origin: await post(server.origin, { origin: 'https://evil.example' }, credentials),
    invalid_input: await post(server.origin, {}, { email: CANARY, password: CANARY, [CANARY]: CANARY }),
    invalid_credentials: await post(server.origin, {}, credentials),
  }
  await postgres.stop()
  const page = await fetch(`${server.origin}/account`, {
    headers: { cookie: `__Host-session=${CANARY.padEnd(43, 'x')}` },
  })
  await fetch(`${server.origin}/`, { method: 'POST', headers: { 'next-action': 'a'.repeat(42) }, body: CANARY })
  await server.stop(['GET /account 503'])

  const lines = linesOf(server)
  for (const [failure, response] of Object.entries(refused))
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        msg: 'request refused',
        path: '/auth/signin',
        failure,
        requestId: response.headers.get('x-request-id'),
      }),
    )
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '5'])
  const said = await page.text()
  expect(said).toContain('Something went wrong')
  expect(said).not.toContain('database')
  const broken = lines.filter(({ err }) => JSON.stringify(err ?? '').includes('DatabaseUnavailable'))
  expect(broken.map(({ level }) => level)).toContain('error')
  expect(server.log()).not.toContain(CANARY)
})

test('who reads without a session, or by a method that is not there, leaves a line each', async () => {
  const server = await startServer()
  const session = await fetch(`${server.origin}/auth/session`)
  await fetch(`${server.origin}/account`, { redirect: 'manual' })
  for (const path of ['/auth/session', '/signin', '/_next/static/none.js']) {
    const refused = await fetch(`${server.origin}${path}`, { method: 'PATCH' })
    expect([refused.status, (await refused.json()).code]).toEqual([405, 'method_not_allowed'])
  }
  await server.stop()

  const requestId = session.headers.get('x-request-id')
  const refused = linesOf(server).filter(({ msg }) => msg === 'request refused')
  expect(refused.map(({ level, path, failure, ip }) => [level, path, failure, ip])).toEqual([
    ['info', '/auth/session', 'not_signed_in', '127.0.0.1'],
    ['info', '/account', 'not_signed_in', '127.0.0.1'],
    ['warn', '/auth/session', 'method_not_allowed', '127.0.0.1'],
    ['warn', '/signin', 'method_not_allowed', '127.0.0.1'],
    ['warn', '/_next/static/none.js', 'method_not_allowed', '127.0.0.1'],
  ])
  expect(refused[0]?.requestId).toBe(requestId)
})
