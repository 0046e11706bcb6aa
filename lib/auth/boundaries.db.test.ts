import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { roundedRetryAfter } from '#lib/limits/limits'
import { browser, type TestDeps } from '../../test/deps.ts'
import { Browser, testApp } from '../../test/http.ts'
import * as journey from '../../test/journey.ts'
import { routes } from '../../test/routes.ts'
import * as policy from './policy.ts'
import { previewChallenge } from './preview-challenge.ts'
import { rejectSignup } from './reject-signup.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { requestSignin } from './request-signin.ts'
import { requestVerification } from './request-verification.ts'
import { resetPassword } from './reset-password.ts'
import type { Failure, Result } from './result.ts'
import { signin } from './signin.ts'
import { signup } from './signup.ts'
import { verify } from './verify.ts'

// Every number is taken from policy.ts, so that a changed one is followed: n pass, n + 1 does not, after the window it does.

const { atOnce, byCode, byLink, codeOf, must, newestLetter, PASSWORD, tally, verified, wrongCode } = journey
const email = 'ann@example.com'
const laptop = browser('laptop')
const wrong = { email, password: 'not the password' }
const nothing = { challengeId: 'A'.repeat(22), token: '000000' }
const NEW = { ...nothing, password: 'an entirely new password' }
const other = (index: number) => browser(`other ${index}`, `198.51.${index >> 8}.${index & 255}`)
const somebody = (index: number) => `n${index}@example.com`

let deps: TestDeps
beforeEach(async () => {
  deps = await testApp()
})
afterEach(() => deps.db.close())

type Window = { max: number; window: number }
/** One use of a budget. What that budget does not count changes with the index, so that no other one is met first. */
type Use = (index: number) => Promise<Result<unknown, Failure>>

const gap = policy.RESEND_GAP.window
/** How far apart uses must be for a shorter budget never to be spent. */
const pace = ({ max, window }: Window) => Math.ceil(window / max)
const fresh = (index: number) => ({ email: somebody(index), password: PASSWORD })
const signupAnn: Use = (n) => signup(deps, { email, password: PASSWORD }, other(n))
const signupAnyone: Use = (n) => signup(deps, fresh(n), laptop)
const verification: Use = (n) => requestVerification(deps, { email }, other(n))
const link: Use = (n) => requestSignin(deps, { email }, other(n))
const linkForAnyone: Use = (n) => requestSignin(deps, { email: somebody(n) }, laptop)
const reset: Use = (n) => requestPasswordReset(deps, { email }, other(n))
const resetForAnyone: Use = (n) => requestPasswordReset(deps, { email: somebody(n) }, laptop)
const signinAnyone: Use = (n) => signin(deps, fresh(n), laptop)

const WINDOWS: [name: string, budget: Window, apart: number, use: Use][] = [
  ['SIGNUP_PER_EMAIL', policy.SIGNUP_PER_EMAIL, 0, signupAnn],
  ['SIGNUP_PER_ORIGIN', policy.SIGNUP_PER_ORIGIN, 0, signupAnyone],
  ['SIGNUP_PER_ORIGIN_DAY', policy.SIGNUP_PER_ORIGIN_DAY, pace(policy.SIGNUP_PER_ORIGIN), signupAnyone],
  ['RESEND_GAP, verify', policy.RESEND_GAP, 0, verification],
  ['RESEND_GAP, sign-in', policy.RESEND_GAP, 0, link],
  ['RESEND_GAP, reset', policy.RESEND_GAP, 0, reset],
  ['RESEND_PER_HOUR, verify', policy.RESEND_PER_HOUR, gap, verification],
  ['RESEND_PER_HOUR, sign-in', policy.RESEND_PER_HOUR, gap, link],
  ['RESEND_PER_DAY, verify', policy.RESEND_PER_DAY, pace(policy.RESEND_PER_HOUR), verification],
  ['RESEND_PER_DAY, sign-in', policy.RESEND_PER_DAY, pace(policy.RESEND_PER_HOUR), link],
  ['RESEND_PER_DAY, sign-up', policy.RESEND_PER_DAY, pace(policy.SIGNUP_PER_EMAIL), signupAnn],
  ['RESEND_PER_ORIGIN', policy.RESEND_PER_ORIGIN, 0, linkForAnyone],
  ['RESET_REQUESTS_PER_EMAIL', policy.RESET_REQUESTS_PER_EMAIL, gap, reset],
  ['RESET_REQUESTS_PER_EMAIL_DAY', policy.RESET_REQUESTS_PER_EMAIL_DAY, pace(policy.RESET_REQUESTS_PER_EMAIL), reset],
  ['RESET_REQUESTS_PER_ORIGIN', policy.RESET_REQUESTS_PER_ORIGIN, 0, resetForAnyone],
  ['SUBMITS_PER_ORIGIN, verify', policy.SUBMITS_PER_ORIGIN, 0, () => verify(deps, nothing, laptop)],
  ['SUBMITS_PER_ORIGIN, preview', policy.SUBMITS_PER_ORIGIN, 0, () => previewChallenge(deps, nothing, laptop)],
  ['SUBMITS_PER_ORIGIN, reject', policy.SUBMITS_PER_ORIGIN, 0, () => rejectSignup(deps, nothing, laptop)],
  ['SUBMITS_PER_ORIGIN, reset', policy.SUBMITS_PER_ORIGIN, 0, () => resetPassword(deps, NEW, laptop)],
  ['SIGNIN_FAILURES_PER_ORIGIN', policy.SIGNIN_FAILURES_PER_ORIGIN, 0, signinAnyone],
  [
    'SIGNIN_FAILURES_PER_ORIGIN_HOUR',
    policy.SIGNIN_FAILURES_PER_ORIGIN_HOUR,
    pace(policy.SIGNIN_FAILURES_PER_ORIGIN),
    signinAnyone,
  ],
]

describe.each(WINDOWS)('%s', (_, { max, window }, apart, use) => {
  it('n pass, and no further one up to the last millisecond', async () => {
    const end = deps.now() + window
    for (let index = 0; index < max; index += 1) {
      expect(codeOf(await use(index))).not.toBe('rate_limited')
      deps.clock.advance(apart)
    }
    // The moment it names is the end of this very budget: no other one refused.
    const refused = { code: 'rate_limited', retryAfter: roundedRetryAfter(end, deps.now()) }
    expect(await use(max)).toEqual({ ok: false, failure: refused })
    deps.clock.now = end - 1
    expect(codeOf(await use(max + 1))).toBe('rate_limited')
  })

  it('after the window it does', async () => {
    const end = deps.now() + window
    for (let index = 0; index < max; index += 1) {
      await use(index)
      deps.clock.advance(apart)
    }
    deps.clock.now = end
    expect(codeOf(await use(max))).not.toBe('rate_limited')
  })
})

describe('codes and links', () => {
  const purposes = policy.PURPOSES.map((purpose) => [purpose] as const)
  const ask = { verify: requestVerification, 'sign-in': requestSignin, reset: requestPasswordReset }

  async function letterFor(purpose: policy.Purpose) {
    if (purpose === 'verify') return journey.signedUp(deps, laptop)
    await verified(deps, laptop)
    must(await ask[purpose](deps, { email }, laptop))
    return newestLetter(deps)
  }
  const answer = (purpose: policy.Purpose, token: { challengeId: string; token: string }, from = laptop) =>
    purpose === 'reset' ? resetPassword(deps, { ...NEW, ...token }, from) : verify(deps, token, from)

  it.each(purposes)('live as long as they say and no longer: %s', async (purpose) => {
    for (const [by, lifetime] of [
      [byCode, policy.CODE_LIFETIME],
      [byLink, policy.LINK_LIFETIME[purpose]],
    ] as const)
      for (const [age, outcome] of [
        [lifetime - 1, 'ok'],
        [lifetime, 'challenge_invalid'],
      ] as const) {
        const letter = await letterFor(purpose)
        deps.clock.advance(age)
        expect(codeOf(await answer(purpose, by(letter)))).toBe(outcome)
        await deps.db.close()
        deps = await testApp()
      }
  })

  it.each(purposes)('TRIES_PER_CHALLENGE: the last one may be right, one more may not: %s', async (purpose) => {
    for (const [wrongOnes, outcome] of [
      [policy.TRIES_PER_CHALLENGE - 1, 'ok'],
      [policy.TRIES_PER_CHALLENGE, 'challenge_invalid'],
    ] as const) {
      const letter = await letterFor(purpose)
      for (let n = 0; n < wrongOnes; n += 1) await answer(purpose, wrongCode(letter), other(n))
      expect(codeOf(await answer(purpose, byCode(letter)))).toBe(outcome)
      await deps.db.close()
      deps = await testApp()
    }
  })

  it('TRIES_PER_ADDRESS: spent by guesses over many mails, open again when its day is over', async () => {
    const { max, window } = policy.TRIES_PER_ADDRESS
    await verified(deps, laptop)
    const mail = async (index: number) => {
      deps.clock.advance(pace(policy.RESEND_PER_HOUR))
      must(await requestSignin(deps, { email }, { ...other(index), deviceHash: laptop.deviceHash }))
      return newestLetter(deps)
    }
    let end = 0
    for (let spent = 0; spent < max; spent += policy.TRIES_PER_CHALLENGE) {
      const letter = await mail(spent)
      end ||= deps.now() + window
      for (let n = 0; n < policy.TRIES_PER_CHALLENGE; n += 1)
        expect(codeOf(await verify(deps, wrongCode(letter), other(n)))).toBe('challenge_invalid')
    }
    deps.clock.now = end - pace(policy.RESEND_PER_HOUR) - 1
    const letter = await mail(max)
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('rate_limited')
    deps.clock.now = end
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('ok')
  })

  it.each(['verify', 'sign-in'] as const)('LIVE_CHALLENGES_PER_ADDRESS: %s', async (purpose) => {
    if (purpose === 'verify') await journey.signedUp(deps, laptop)
    else await verified(deps, laptop)
    const mailed = async (index: number) => {
      deps.clock.advance(gap)
      const before = deps.mails.length
      must(await ask[purpose](deps, { email }, other(index)))
      return deps.mails.length > before
    }
    // A sign-up's own mail is the first of them.
    const room = policy.LIVE_CHALLENGES_PER_ADDRESS - (purpose === 'verify' ? 1 : 0)
    for (let index = 0; index < room; index += 1) expect(await mailed(index)).toBe(true)
    expect(await mailed(room)).toBe(false)
    deps.clock.advance(policy.CODE_LIFETIME)
    expect(await mailed(room)).toBe(true)
  })

  it('PENDING_ACCOUNTS_PER_ADDRESS: full until a code has expired', async () => {
    for (let n = 0; n < policy.PENDING_ACCOUNTS_PER_ADDRESS; n += 1) must(await signupAnn(n))
    const mails = deps.mails.length
    must(await signupAnn(policy.PENDING_ACCOUNTS_PER_ADDRESS))
    expect([mails, deps.mails.length]).toEqual(Array(2).fill(policy.PENDING_ACCOUNTS_PER_ADDRESS))
    deps.clock.advance(policy.CODE_LIFETIME)
    must(await signupAnn(policy.PENDING_ACCOUNTS_PER_ADDRESS + 1))
    expect(deps.mails).toHaveLength(mails + 1)
  })
})

describe('the sign-in budget of one account', () => {
  const free = policy.SIGNIN_FREE_FAILURES
  const fail = (times: number, from = other) => atOnce(times, (n) => signin(deps, wrong, from(n)))

  it('is remembered from the last failure for a day, and then as if nothing had been', async () => {
    const wait = policy.SIGNIN_BACKOFF[0] as number
    await fail(free)
    deps.clock.advance(wait)
    expect(tally(await fail(2))).toEqual({ invalid_credentials: 1, rate_limited: 1 })
    deps.clock.advance(policy.SIGNIN_FAILURES_REMEMBERED - 1)
    expect(tally(await fail(2))).toEqual({ invalid_credentials: 1, rate_limited: 1 })
    deps.clock.advance(policy.SIGNIN_FAILURES_REMEMBERED)
    expect(tally(await fail(free + 1))).toEqual({ invalid_credentials: free, rate_limited: 1 })
  })

  it('holds against 200 origins: the rest is not even compared', async () => {
    await verified(deps, laptop)
    const before = deps.passwords.comparisons
    expect(tally(await fail(200))).toEqual({ invalid_credentials: free, rate_limited: 200 - free })
    expect(deps.passwords.comparisons - before).toBe(free)
  })

  it('is not refilled by a sign-up with a tag on the address, which needs no mailbox', async () => {
    await verified(deps, laptop)
    const mine = { email: 'ann+mine@example.com', password: "the attacker's password" }
    const attacker = other(1000)
    must(await signup(deps, mine, attacker))
    const before = deps.passwords.comparisons
    let owns = 0
    for (let round = 0; round < 10; round += 1) {
      await fail(free - 1, (n) => other(10 * round + n))
      owns += codeOf(await signin(deps, mine, attacker)) === 'email_unverified' ? 1 : 0
    }
    expect(deps.passwords.comparisons - before - owns).toBeLessThanOrEqual(free)
  })

  it('is not refilled by answers that the full queue turned away', async () => {
    await verified(deps, laptop)
    await fail(free - 1)
    const { verify: compare } = deps.passwords
    deps.passwords.verify = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    expect(tally(await fail(1))).toEqual({ busy: 1 })
    deps.passwords.verify = compare
    expect(tally(await fail(free))).toEqual({ invalid_credentials: 1, rate_limited: free - 1 })
  })

  it('spent by a stranger every hour of a day, it does not keep the owner out of a known browser', async () => {
    const [owner, stranger] = [new Browser('192.0.2.1'), new Browser('203.0.113.7')]
    await owner.json(routes.signup, { email, password: PASSWORD })
    await owner.json(routes.verify, byCode(newestLetter(deps)))
    for (let hour = 0; hour < 24; hour += 1) {
      for (let n = 0; n <= free; n += 1) await stranger.json(routes.signin, wrong)
      deps.clock.advance(3_600_000)
    }
    await stranger.json(routes.signin, wrong)
    expect((await stranger.json(routes.signin, { email, password: PASSWORD })).status).toBe(429)
    expect((await owner.json(routes.signin, { email, password: PASSWORD })).status).toBe(200)
  })
})

describe('at the doors', () => {
  const SPELLINGS = [
    email,
    'ANN@example.com',
    ' ann@example.com ',
    'ann+a@example.com',
    'Ann+b@EXAMPLE.COM',
    'ann++@example.com',
  ]
  const DOORS = [
    ['signup', Math.min(policy.SIGNUP_PER_EMAIL.max, policy.SIGNUP_PER_ORIGIN.max)],
    ['signin', policy.SIGNIN_FREE_FAILURES],
    ['signinRequest', policy.RESEND_GAP.max],
    ['verifyRequest', policy.RESEND_GAP.max],
    ['resetRequest', policy.RESEND_GAP.max],
  ] as const

  it.each(DOORS)(
    '%s: six spellings of one address share a budget of %i, as JSON and as a form',
    async (door, budget) => {
      const statuses = []
      for (const [index, typed] of SPELLINGS.entries()) {
        const body = { email: typed, ...(/sign(up|in)$/u.test(door) && { password: 'not the password' }) }
        const visitor = new Browser(`198.51.100.${index}`)
        const response = await (index % 2 ? visitor.form(routes[door], body) : visitor.json(routes[door], body))
        statuses.push(response.status === 303 ? (visitor.flash()?.code ?? 202) : response.status)
      }
      expect(statuses.filter((status) => status !== 429 && status !== 'rate_limited')).toHaveLength(budget)
    },
  )

  const spray = (count: number, address: (index: number) => string) =>
    atOnce(count, async (index) => (await new Browser(address(index)).json(routes.signin, fresh(index))).status)
  const passed = (statuses: number[]) => statuses.filter((status) => status === 401).length
  const { max } = policy.SIGNIN_FAILURES_PER_ORIGIN

  it('one origin against 500 accounts is stopped, and compares no more', async () => {
    const before = deps.passwords.comparisons
    expect(passed(await spray(500, () => '203.0.113.7'))).toBe(max)
    expect(deps.passwords.comparisons - before).toBe(max)
  })

  it('a thousand addresses of one IPv6 /64 share one budget', async () => {
    expect(passed(await spray(1000, (index) => `2001:db8:1:2:${index.toString(16)}::${index.toString(16)}`))).toBe(max)
  })

  it('mapped IPv4 addresses are their own origins, and the same as unmapped', async () => {
    expect(passed(await spray(100, (index) => `::ffff:192.0.2.${index}`))).toBe(100)
    const unmapped = await spray(2 * max, (index) => (index % 2 ? '::ffff:203.0.113.7' : '203.0.113.7'))
    expect(passed(unmapped)).toBe(max)
  })
})
