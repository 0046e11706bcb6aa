import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { browser, type TestDeps, testDeps } from '../../test/deps.ts'
import * as journey from '../../test/journey.ts'
import { currentSession } from './current-session.ts'
import type { Caller } from './deps.ts'
import { CODE_LIFETIME, SESSION_IDLE_REMEMBERED, SESSIONS_PER_ACCOUNT } from './policy.ts'
import { previewChallenge } from './preview-challenge.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { requestSignin } from './request-signin.ts'
import { resetPassword } from './reset-password.ts'
import { signin } from './signin.ts'
import { signup } from './signup.ts'
import { verify } from './verify.ts'

// A clock is set wrong and set right again: what was made meanwhile fails closed, and nobody stays shut out.

const { atOnce, byCode, byLink, codeOf, must, newestLetter, PASSWORD, signedUp, tally, verified } = journey
const HOUR = 3_600_000
const YEAR = 365 * 24 * HOUR
const email = 'ann@example.com'
const account = { email, password: PASSWORD }
const laptop = browser('laptop')
const other = (index: number) => browser(`other ${index}`, `198.51.100.${index}`)

let deps: TestDeps
beforeEach(async () => {
  deps = await testDeps()
})
afterEach(() => deps.db.close())

async function ahead<T>(by: number, work: () => Promise<T>): Promise<T> {
  deps.clock.advance(by)
  const result = await work()
  deps.clock.advance(-by)
  return result
}
const stateOf = async (token: string) => codeOf(await currentSession(deps, token))

describe('a session', () => {
  it('ends while the clock is ahead, and goes on when it is right again', async () => {
    const { token } = await verified(deps, laptop)
    expect(await ahead(YEAR, () => stateOf(token))).toBe('not_signed_in')
    expect(await stateOf(token)).toBe('ok')
  })

  it('that began while the clock was ahead is none when it is right again', async () => {
    await verified(deps, laptop)
    const { token } = must(await ahead(YEAR, () => signin(deps, account, laptop)))
    expect(await stateOf(token)).toBe('not_signed_in')
    expect(codeOf(await signin(deps, account, laptop))).toBe('ok')
  })

  it('that was used while the clock was ahead rests no longer for it', async () => {
    await verified(deps, laptop)
    const { token } = must(await signin(deps, { ...account, remember: true }, laptop))
    expect(await ahead(10 * 24 * HOUR, () => stateOf(token))).toBe('ok')
    expect(await stateOf(token)).toBe('ok')
    deps.clock.advance(SESSION_IDLE_REMEMBERED)
    expect(await stateOf(token)).toBe('not_signed_in')
  })

  it('that has ended does not begin again when the clock is set back', async () => {
    const { token } = await verified(deps, laptop)
    deps.clock.advance(12 * HOUR)
    expect(await stateOf(token)).toBe('not_signed_in')
    deps.clock.advance(-YEAR)
    expect(await stateOf(token)).toBe('not_signed_in')
  })

  it('is there for an account whose places were all taken while the clock was ahead', async () => {
    await verified(deps, laptop)
    await ahead(YEAR, () => atOnce(SESSIONS_PER_ACCOUNT, (index) => signin(deps, account, other(index))))
    const { token } = must(await signin(deps, account, laptop))
    expect(await stateOf(token)).toBe('ok')
  })
})

describe('a code and a link', () => {
  it('made while the clock was ahead are worth nothing when it is right again', async () => {
    const letter = await ahead(YEAR, () => signedUp(deps, laptop))
    for (const answer of [byCode(letter), byLink(letter)])
      expect(codeOf(await verify(deps, answer, laptop))).toBe('challenge_invalid')
    expect(codeOf(await previewChallenge(deps, byLink(letter), laptop))).toBe('challenge_invalid')
  })

  it('of a reset too', async () => {
    await verified(deps, laptop)
    await ahead(YEAR, async () => must(await requestPasswordReset(deps, { email }, laptop)))
    const answer = { ...byLink(newestLetter(deps)), password: 'an entirely new password' }
    expect(codeOf(await resetPassword(deps, answer, laptop))).toBe('challenge_invalid')
  })

  it('that have expired stay so when the clock is set back', async () => {
    const letter = await signedUp(deps, laptop)
    deps.clock.advance(CODE_LIFETIME)
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('challenge_invalid')
    deps.clock.advance(-YEAR)
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('challenge_invalid')
  })

  it('are made for an address whose three places were taken while the clock was ahead', async () => {
    await verified(deps, laptop)
    await ahead(YEAR, async () => {
      for (const index of [1, 2, 3]) {
        must(await requestSignin(deps, { email }, other(index)))
        deps.clock.advance(61_000)
      }
      deps.clock.advance(-3 * 61_000)
    })
    // The first that asks meets the gap of the last mail of then, for a minute; no more than that.
    expect(codeOf(await requestSignin(deps, { email }, laptop))).toBe('rate_limited')
    deps.clock.advance(60_000)
    must(await requestSignin(deps, { email }, laptop))
    expect(codeOf(await verify(deps, byCode(newestLetter(deps)), laptop))).toBe('ok')
  })

  it('are made for a sign-up though three wait that were made while the clock was ahead', async () => {
    await ahead(YEAR, () => atOnce(3, (index) => signedUp(deps, other(index))))
    const letter = await signedUp(deps, laptop)
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('ok')
  })

  it('are not named to a sign-in when they are dead: it gets a new mail', async () => {
    await ahead(YEAR, () => signedUp(deps, laptop))
    deps.clock.advance(60_000)
    const dead = newestLetter(deps).challengeId
    await signin(deps, account, laptop)
    deps.clock.advance(60_000)
    const refused = await signin(deps, account, laptop)
    if (refused.ok || refused.failure.code !== 'email_unverified') throw new Error('It is verified already.')
    expect(refused.failure.challenge?.challengeId).not.toBe(dead)
    expect(codeOf(await verify(deps, byCode(newestLetter(deps)), laptop))).toBe('ok')
  })
})

it('failures of while the clock was ahead keep an owner waiting as long as they would have, not for a year', async () => {
  await verified(deps, laptop)
  const wrong = (caller: Caller) => signin(deps, { email, password: 'not the password' }, caller)
  await ahead(YEAR, () => atOnce(9, (index) => wrong(other(index))))
  const refused = await signin(deps, account, other(99))
  expect(refused).toEqual({ ok: false, failure: { code: 'rate_limited', retryAfter: 30 } })
  deps.clock.advance(30_000)
  expect(codeOf(await signin(deps, account, other(99)))).toBe('ok')
})

it('every budget of an origin is back within a day', async () => {
  const many = () => atOnce(30, (index) => signup(deps, { email: `n${index}@example.com`, password: PASSWORD }, laptop))
  await ahead(YEAR, many)
  expect(tally(await many())).toEqual({ rate_limited: 30 })
  deps.clock.advance(24 * HOUR)
  expect(tally(await many())).toMatchObject({ ok: 5 })
})
