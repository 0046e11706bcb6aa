import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { challenges, sessions, users } from '#db/schema/tables'
import { browser, type TestDeps, testDeps } from '../../test/deps.ts'
import {
  atOnce,
  byCode,
  byLink,
  codeOf,
  must,
  newestLetter,
  PASSWORD,
  signedUp,
  tally,
  verified,
  wrongCode,
} from '../../test/journey.ts'
import { currentSession } from './current-session.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { requestSignin } from './request-signin.ts'
import { resetPassword } from './reset-password.ts'
import { signin } from './signin.ts'
import { verify } from './verify.ts'

let deps: TestDeps
beforeEach(async () => {
  deps = await testDeps()
})
afterEach(() => deps.db.close())

const laptop = browser('laptop', '192.0.2.1')
const phone = browser('phone', '192.0.2.2')
const MINUTE = 60_000
const NEW = 'an entirely new password'
const email = 'ann@example.com'

async function resetLetter() {
  must(await requestPasswordReset(deps, { email }, laptop))
  return newestLetter(deps, email)
}

describe('resetPassword', () => {
  it.each([
    ['code', byCode, laptop],
    ['link', byLink, phone],
  ] as const)('by %s: the new password counts, the old does not, and nobody is signed in', async (_, by, caller) => {
    const first = await verified(deps, laptop)
    const second = must(await signin(deps, { email, password: PASSWORD }, phone))
    const letter = await resetLetter()
    expect(letter.code).toMatch(/^\d{8}$/u)
    must(await resetPassword(deps, { ...by(letter), password: NEW }, caller))
    for (const { token } of [first, second]) expect((await currentSession(deps, token)).ok).toBe(false)
    expect(await deps.db.run((tx) => tx.select().from(sessions))).toEqual([])
    expect(codeOf(await signin(deps, { email, password: PASSWORD }, laptop))).toBe('invalid_credentials')
    expect(codeOf(await signin(deps, { email, password: NEW }, laptop))).toBe('ok')
    expect(deps.mails.at(-1)).toMatchObject({ to: email, letter: { template: 'password-changed' } })
  })

  it('ends every other challenge of the account', async () => {
    await verified(deps, laptop)
    must(await requestSignin(deps, { email }, laptop))
    const link = newestLetter(deps)
    const letter = await resetLetter()
    must(await resetPassword(deps, { ...byCode(letter), password: NEW }, laptop))
    expect(codeOf(await verify(deps, byLink(link), laptop))).toBe('challenge_invalid')
  })

  it('takes a code in the browser that asked only', async () => {
    await verified(deps, laptop)
    const letter = await resetLetter()
    expect(codeOf(await resetPassword(deps, { ...byCode(letter), password: NEW }, phone))).toBe('challenge_invalid')
    expect(codeOf(await resetPassword(deps, { ...byCode(letter), password: NEW }, laptop))).toBe('ok')
  })

  it('refuses a poor password and uses nothing up', async () => {
    await verified(deps, laptop)
    const letter = await resetLetter()
    for (let time = 0; time < 7; time += 1) {
      for (const password of ['short', 'password1', email])
        expect(
          codeOf(await resetPassword(deps, { ...byLink(letter), password }, browser('x', `198.51.100.${time}`))),
        ).toBe('password_refused')
    }
    expect(codeOf(await resetPassword(deps, { ...byLink(letter), password: NEW }, laptop))).toBe('ok')
  })

  it('refuses what nobody may choose before it looks at the link or counts a submit', async () => {
    await verified(deps, laptop)
    const letter = await resetLetter()
    const poor = { challengeId: 'A'.repeat(22), token: letter.linkToken, password: 'short' }
    for (let time = 0; time < 31; time += 1)
      expect(codeOf(await resetPassword(deps, poor, laptop))).toBe('password_refused')
    expect(codeOf(await resetPassword(deps, { ...byLink(letter), password: NEW }, laptop))).toBe('ok')
  })

  it('answers busy when the queue is full, and the link stays good', async () => {
    await verified(deps, laptop)
    const letter = await resetLetter()
    const { hash } = deps.passwords
    deps.passwords.hash = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    for (let time = 0; time < 6; time += 1)
      expect(codeOf(await resetPassword(deps, { ...byLink(letter), password: NEW }, phone))).toBe('busy')
    deps.passwords.hash = hash
    expect(codeOf(await resetPassword(deps, { ...byLink(letter), password: NEW }, phone))).toBe('ok')
  })

  it('ends the code after ten minutes and the link after thirty', async () => {
    await verified(deps, laptop)
    const letter = await resetLetter()
    deps.clock.advance(10 * MINUTE)
    expect(codeOf(await resetPassword(deps, { ...byCode(letter), password: NEW }, laptop))).toBe('challenge_invalid')
    deps.clock.advance(20 * MINUTE)
    expect(codeOf(await resetPassword(deps, { ...byLink(letter), password: NEW }, laptop))).toBe('challenge_invalid')
  })

  it('raced fifty ways changes the password once', async () => {
    await verified(deps, laptop)
    const letter = await resetLetter()
    const results = await atOnce(50, (index) =>
      resetPassword(deps, { ...byLink(letter), password: `${NEW} ${index}` }, browser('x', `198.51.100.${index}`)),
    )
    expect(tally(results).ok).toBe(1)
    const winner = results.findIndex((result) => result.ok)
    expect(codeOf(await signin(deps, { email, password: `${NEW} ${winner}` }, laptop))).toBe('ok')
  })

  it('gives five tries, raced or not', async () => {
    await verified(deps, laptop)
    const letter = await resetLetter()
    await atOnce(50, (index) =>
      resetPassword(deps, { ...wrongCode(letter), password: NEW }, browser('laptop', `198.51.100.${index}`)),
    )
    expect(codeOf(await resetPassword(deps, { ...byCode(letter), password: NEW }, laptop))).toBe('challenge_invalid')
  })

  it('takes no challenge of another purpose, and none of a disabled account', async () => {
    const letter = await signedUp(deps, laptop, 'ben@example.com')
    expect(codeOf(await resetPassword(deps, { ...byLink(letter), password: NEW }, laptop))).toBe('challenge_invalid')
    await verified(deps, laptop)
    const reset = await resetLetter()
    await deps.db.run((tx) => tx.update(users).set({ disabledAt: 1 }))
    expect(codeOf(await resetPassword(deps, { ...byLink(reset), password: NEW }, laptop))).toBe('challenge_invalid')
  })

  it('is limited by origin', async () => {
    const nothing = { challengeId: 'A'.repeat(22), token: '00000000', password: NEW }
    const outcomes = []
    for (let time = 0; time < 31; time += 1) outcomes.push(codeOf(await resetPassword(deps, nothing, laptop)))
    expect(outcomes.filter((code) => code === 'challenge_invalid')).toHaveLength(30)
    expect(outcomes.at(-1)).toBe('rate_limited')
  })
})

describe('requestPasswordReset', () => {
  it.each(['unknown', 'pending', 'disabled'])('answers alike and mails nobody: %s', async (kind) => {
    if (kind === 'pending') await signedUp(deps, laptop)
    if (kind === 'disabled') {
      await verified(deps, laptop)
      await deps.db.run((tx) => tx.update(users).set({ disabledAt: 1 }))
    }
    const mails = deps.mails.length
    const issued = must(await requestPasswordReset(deps, { email }, phone))
    expect(issued).toMatchObject({ purpose: 'reset', email, sentAt: deps.now(), resendAt: deps.now() + MINUTE })
    expect(deps.mails).toHaveLength(mails)
    const rows = await deps.db.run((tx) => tx.select().from(challenges))
    expect(rows.find(({ id }) => id === issued.challengeId)?.userId).toBeNull()
  })

  it.each([email, 'nobody@example.com'])('three an hour and six a day for an address: %s', async (address) => {
    await verified(deps, laptop)
    const outcomes: string[] = []
    for (let hour = 0; hour < 3; hour += 1) {
      for (let time = 0; time < 4; time += 1) {
        outcomes.push(
          codeOf(await requestPasswordReset(deps, { email: address }, browser('x', `198.51.${hour}.${time}`))),
        )
        deps.clock.advance(15 * MINUTE)
      }
    }
    expect(outcomes.map((code) => code === 'ok')).toEqual([
      true,
      true,
      true,
      false,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ])
  })

  it('ten an hour for an origin', async () => {
    const results = await atOnce(12, (index) => requestPasswordReset(deps, { email: `n${index}@example.com` }, laptop))
    expect(tally(results)).toEqual({ ok: 10, rate_limited: 2 })
  })
})
