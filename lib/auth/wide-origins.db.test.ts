import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { roundedRetryAfter } from '#lib/limits/limits'
import type { TestDeps } from '../../test/deps.ts'
import { Browser, type Route, testApp } from '../../test/http.ts'
import { byCode, newestLetter, PASSWORD } from '../../test/journey.ts'
import { routes } from '../../test/routes.ts'
import * as policy from './policy.ts'

// An IPv6 /48 at every door that counts origins: four times the budget of a /64, whichever of its /64s ask.

let deps: TestDeps
beforeEach(async () => {
  deps = await testApp()
})
afterEach(() => deps.db.close())

type Window = { max: number; window: number }
/** The index-th visit to a door from this address; no two are about the same account. */
type Visit = (index: number, ip: string) => Promise<Response>

const wide = ({ max }: Window) => policy.IPV6_WIDE_FACTOR * max
/** How far apart visits must be for a shorter budget never to be spent. */
const pace = (shorter: Window) => Math.ceil(shorter.window / wide(shorter))
const subnet = (index: number) => `2001:db8:1:${index.toString(16)}::1`
const NEXT_SITE = '2001:db8:2::1'

const posting =
  (route: Route, body: object): Visit =>
  (index, ip) =>
    new Browser(ip).json(route, 'challengeId' in body ? body : { email: `n${index}@example.com`, ...body })

const guess = { challengeId: 'A'.repeat(22), token: '000000' }
const signup = posting(routes.signup, { password: PASSWORD })
const signin = posting(routes.signin, { password: 'not the password' })

/** Each owner from an IPv4 address of their own until then. */
const change: Visit = async (index, ip) => {
  const owner = new Browser(`198.51.100.${index}`)
  await owner.json(routes.signup, { email: `n${index}@example.com`, password: PASSWORD })
  await owner.json(routes.verify, byCode(newestLetter(deps)))
  const elsewhere = new Browser(ip)
  for (const [name, value] of owner.cookies) elsewhere.cookies.set(name, value)
  return elsewhere.json(routes.changePassword, { currentPassword: 'not the password', password: 'a fine new password' })
}

const {
  SIGNUP_PER_ORIGIN,
  SIGNUP_PER_ORIGIN_DAY,
  SIGNIN_FAILURES_PER_ORIGIN,
  SIGNIN_FAILURES_PER_ORIGIN_HOUR,
  RESEND_PER_ORIGIN,
  RESET_REQUESTS_PER_ORIGIN,
  SUBMITS_PER_ORIGIN,
} = policy

const DOORS: [name: string, budget: Window, apart: number, visit: Visit][] = [
  ['signup', SIGNUP_PER_ORIGIN, 0, signup],
  ['signup, in a day', SIGNUP_PER_ORIGIN_DAY, pace(SIGNUP_PER_ORIGIN), signup],
  ['signin', SIGNIN_FAILURES_PER_ORIGIN, 0, signin],
  ['signin, in an hour', SIGNIN_FAILURES_PER_ORIGIN_HOUR, pace(SIGNIN_FAILURES_PER_ORIGIN), signin],
  ['password/change', SIGNIN_FAILURES_PER_ORIGIN, 0, change],
  ['verify/request', RESEND_PER_ORIGIN, 0, posting(routes.verifyRequest, {})],
  ['signin/request', RESEND_PER_ORIGIN, 0, posting(routes.signinRequest, {})],
  ['password/reset/request', RESET_REQUESTS_PER_ORIGIN, 0, posting(routes.resetRequest, {})],
  ['verify', SUBMITS_PER_ORIGIN, 0, posting(routes.verify, guess)],
  ['verify/preview', SUBMITS_PER_ORIGIN, 0, posting(routes.preview, guess)],
  ['verify/reject', SUBMITS_PER_ORIGIN, 0, posting(routes.reject, guess)],
  ['password/reset', SUBMITS_PER_ORIGIN, 0, posting(routes.reset, { ...guess, password: 'a fine new password' })],
]

describe.each(DOORS)('%s', (_, budget, apart, visit) => {
  it('lets a /48 pass four times as often as one of its /64s, then no more until the window is over', async () => {
    const end = deps.now() + budget.window
    const statuses = new Set<number>()
    for (let index = 0; index < wide(budget); index += 1) {
      statuses.add((await visit(index, subnet(index))).status)
      deps.clock.advance(apart)
    }
    expect([...statuses]).toHaveLength(1)
    expect([...statuses]).not.toContain(429)

    const refused = await visit(wide(budget), subnet(wide(budget)))
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe(String(roundedRetryAfter(end, deps.now())))
    expect([...statuses]).toContain((await visit(wide(budget) + 1, NEXT_SITE)).status)
    deps.clock.now = end
    expect([...statuses]).toContain((await visit(wide(budget) + 2, subnet(0))).status)
  })
})

it('every budget by origin is in this table', () => {
  const byOrigin = Object.entries(policy).filter(([name]) => /_PER_ORIGIN/u.test(name))
  const tested = DOORS.map(([, budget]) => budget)
  for (const [name, budget] of byOrigin) expect(tested, name).toContain(budget)
})
