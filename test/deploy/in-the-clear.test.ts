import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningProxy, startNginx } from '../../attack/abuse/nginx.ts'
import { startHaproxy } from '../../attack/machines/haproxy.ts'
import { freePort } from '../../e2e/start-server.ts'
import { readDeployed } from './files.ts'

// Port 80 of each proxy, with nothing behind it: what it says, it says by itself.

const isThere = (command: string, option: string) =>
  spawnSync(command, [option], { stdio: 'ignore' }).error === undefined

const PAGES = [
  '/',
  '/signin?next=/account',
  '/account',
  '/account/password',
  '/account/sessions',
  '/verify',
  '/.well-known/change-password',
  '/authors',
  '/healthy',
]
const API = [
  '/auth/session',
  '/auth/signin',
  '/auth/verify/preview',
  '/health',
  '/ready',
  '/mailbox/messages',
  '/mailbox/messages/x',
]

describe.each([
  ['nginx', startNginx],
  ['haproxy', startHaproxy],
] as const)('%s, over http', (command, start) => {
  const runs = isThere('openssl', 'version') && isThere(command, '-v')
  let proxy: RunningProxy
  let http: string
  beforeAll(async () => {
    if (!runs) return
    const [app, clear, https] = [await freePort(), await freePort(), await freePort()]
    proxy = await start({ apps: [app], http: clear, https })
    http = `http://127.0.0.1:${clear}`
  })
  afterAll(() => proxy?.stop())

  test.runIf(runs)('sends on whoever opens a page', async () => {
    for (const path of PAGES)
      for (const method of ['GET', 'HEAD']) {
        const { status, headers } = await fetch(http + path, { method, redirect: 'manual' })
        expect([path, status, headers.get('location')]).toEqual([path, 308, expect.stringMatching(/^https:/u)])
        expect(headers.get('location')).toContain(path)
      }
  })

  test.runIf(runs)('refuses the API and whatever is sent, and points nowhere', async () => {
    const asked = [
      ...API.map((path) => ['GET', path] as const),
      ...[...API, ...PAGES].map((path) => ['POST', path] as const),
    ]
    for (const [method, path] of asked) {
      const answer = await fetch(http + path, { method, redirect: 'manual' })
      expect([method, path, answer.status, answer.headers.get('location')]).toEqual([method, path, 403, null])
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
      expect(await answer.json()).toMatchObject({ status: 403, detail: expect.stringContaining('https') })
    }
  })
})

test('Caddy is told the same', () => {
  const [, clear = ''] = readDeployed('Caddyfile').split('http://id.example.com {')
  expect(clear).toContain('method GET HEAD\n')
  expect(clear).toContain('not path /auth/* /health /ready /mailbox/messages*\n')
  const [, body] = /respond `(.*)` 403/u.exec(clear) ?? []
  for (const name of ['nginx.conf', 'haproxy.cfg']) expect(readDeployed(name)).toContain(`'${body}'`)
})
