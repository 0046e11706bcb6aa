import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { log } from '#lib/log'
import type { TestDeps } from '../../test/deps.ts'
import { Browser, testApp } from '../../test/http.ts'
import { byCode, newestLetter } from '../../test/journey.ts'
import { routes } from '../../test/routes.ts'

let deps: TestDeps
beforeEach(async () => {
  deps = await testApp()
})
afterEach(() => deps.db.close())

const canary = 'canary of what was typed'
const account = { email: 'ann@example.com', password: canary }
const ann = new Browser('192.0.2.7')

/** What each attempt to get around something is answered with. */
const ATTEMPTS: [what: string, failure: string, attempt: () => Promise<Response>][] = [
  [
    'another site',
    'cross_origin',
    () => ann.json(routes.signin, account, { headers: { 'sec-fetch-site': 'cross-site' } }),
  ],
  ['a field that is not known', 'invalid_input', () => ann.json(routes.signin, { ...account, admin: canary })],
  [
    'another type',
    'unsupported_media_type',
    () => ann.send(routes.signin, canary, { 'content-type': 'text/plain' }, {}),
  ],
  ['too much', 'payload_too_large', () => ann.json(routes.signin, { ...account, filler: canary.repeat(1000) })],
  [
    'a token used again',
    'challenge_invalid',
    async () => {
      await ann.json(routes.signup, account)
      const code = byCode(newestLetter(deps))
      await ann.json(routes.verify, code)
      return ann.json(routes.verify, code)
    },
  ],
  [
    'a budget that is spent',
    'rate_limited',
    async () => {
      const ask = () => ann.json(routes.resetRequest, { email: account.email })
      await ask()
      return ask()
    },
  ],
]

it.each(ATTEMPTS)(
  '%s is logged once, by the code and the request of the answer, without what was sent',
  async (_what, failure, attempt) => {
    const warned = vi.spyOn(log, 'warn')
    const requestId = (await attempt()).headers.get('x-request-id')
    expect(warned.mock.calls).toEqual([
      [{ requestId, path: expect.any(String), ip: '192.0.2.7', failure }, 'request refused'],
    ])
    expect(JSON.stringify(warned.mock.calls)).not.toContain('canary')
  },
)

it.each([
  ['without a session', {}],
  ['with a session that is nobody’s', { cookie: `__Host-session=${'x'.repeat(43)}` }],
])('reading %s is logged once, and is no warning', async (_what, headers) => {
  const warned = vi.spyOn(log, 'warn')
  const told = vi.spyOn(log, 'info')
  const requestId = (await ann.get(routes.session, { path: '/auth/session?email=canary', headers })).headers.get(
    'x-request-id',
  )
  const refused = { requestId, path: '/auth/session', ip: '192.0.2.7', failure: 'not_signed_in' }
  expect(told.mock.calls).toEqual([[refused, 'request refused']])
  expect(warned).not.toHaveBeenCalled()
})

it('reading with a session is not logged', async () => {
  await ann.json(routes.signup, account)
  await ann.json(routes.verify, byCode(newestLetter(deps)))
  const told = vi.spyOn(log, 'info')
  expect((await ann.get(routes.session)).status).toBe(200)
  expect(told).not.toHaveBeenCalled()
})
