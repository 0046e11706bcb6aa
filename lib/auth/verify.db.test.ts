import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { challenges, sessions, users } from '#db/schema/tables'
import { browser, type TestDeps, testDeps } from '../../test/deps.ts'
import {
  atOnce,
  byCode,
  byLink,
  codeOf,
  meanwhile,
  must,
  newestLetter,
  PASSWORD,
  signedUp,
  tally,
  verified,
  withSession,
  wrongCode,
} from '../../test/journey.ts'
import { currentSession } from './current-session.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { requestSignin } from './request-signin.ts'
import { requestVerification } from './request-verification.ts'
import { resetPassword } from './reset-password.ts'
import { signup } from './signup.ts'
import { verify } from './verify.ts'

let deps: TestDeps
beforeEach(async () => {
  deps = await testDeps()
})
afterEach(() => deps.db.close())

const laptop = browser('laptop', '192.0.2.1')
const phone = browser('phone', '192.0.2.2')
const MINUTE = 60_000

async function signinLetter(caller = laptop, remember = false) {
  must(await requestSignin(deps, { email: 'ann@example.com', remember }, caller))
  return newestLetter(deps)
}

describe('verify, for a sign-up', () => {
  it.each([
    ['code', byCode],
    ['link', byLink],
  ] as const)('by %s, in the browser that asked: verified and signed in', async (_, by) => {
    const signedIn = must(await verify(deps, by(await signedUp(deps, laptop)), laptop))
    expect(signedIn.user.verifiedAt).toBe(deps.now())
    const session = must(await currentSession(deps, signedIn.token))
    expect(session.user.email).toBe('ann@example.com')
  })

  it.each([
    ['code', byCode],
    ['link', byLink],
  ] as const)('by %s, elsewhere: needs the password, and uses nothing up', async (_, by) => {
    const letter = await signedUp(deps, laptop)
    for (let time = 0; time < 7; time += 1)
      expect(await verify(deps, by(letter), phone)).toEqual({
        ok: false,
        failure: { code: 'password_required', wrong: false },
      })
    expect(await verify(deps, { ...by(letter), password: 'wrong' }, phone)).toEqual({
      ok: false,
      failure: { code: 'password_required', wrong: true },
    })
    const signedIn = must(await verify(deps, { ...by(letter), password: PASSWORD }, phone))
    expect(must(await currentSession(deps, signedIn.token)).user.verifiedAt).toBe(deps.now())
  })

  it('leaves the code to the first browser when the link was opened elsewhere', async () => {
    const letter = await signedUp(deps, laptop)
    await verify(deps, byLink(letter), phone)
    await verify(deps, { ...byLink(letter), password: 'wrong' }, phone)
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('ok')
  })

  it('stops guesses of the password at the tries of the challenge', async () => {
    const letter = await signedUp(deps, laptop)
    const results = await atOnce(50, (index) =>
      verify(deps, { ...byLink(letter), password: `wrong ${index}` }, browser('phone', `198.51.100.${index}`)),
    )
    expect(tally(results)).toEqual({ password_required: 5, challenge_invalid: 45 })
  })

  it('answers busy when the hash queue is full, and the try does not count', async () => {
    const letter = await signedUp(deps, laptop)
    const compare = deps.passwords.verify
    deps.passwords.verify = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    for (let time = 0; time < 6; time += 1)
      expect(codeOf(await verify(deps, { ...byLink(letter), password: PASSWORD }, phone))).toBe('busy')
    deps.passwords.verify = compare
    expect(codeOf(await verify(deps, { ...byLink(letter), password: PASSWORD }, phone))).toBe('ok')
  })

  it('takes code and link once, and from then on neither', async () => {
    const letter = await signedUp(deps, laptop)
    must(await verify(deps, byCode(letter), laptop))
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('challenge_invalid')
    expect(codeOf(await verify(deps, byLink(letter), laptop))).toBe('challenge_invalid')
  })

  it('ends the code after ten minutes and the link after a day', async () => {
    const letter = await signedUp(deps, laptop)
    deps.clock.advance(10 * MINUTE)
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('challenge_invalid')
    deps.clock.advance(24 * 60 * MINUTE - 10 * MINUTE - 1)
    const copy = await deps.db.run((tx) => tx.select().from(challenges))
    expect(copy).toHaveLength(1)
    expect(codeOf(await verify(deps, byLink(letter), laptop))).toBe('ok')
  })

  it('refuses the link when its day is over', async () => {
    const letter = await signedUp(deps, laptop)
    deps.clock.advance(24 * 60 * MINUTE)
    expect(codeOf(await verify(deps, byLink(letter), laptop))).toBe('challenge_invalid')
  })

  it('takes the code with its tenth minute not yet over', async () => {
    const letter = await signedUp(deps, laptop)
    deps.clock.advance(10 * MINUTE - 1)
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('ok')
  })

  it('gives five tries, raced fifty ways, then not even the right code', async () => {
    const letter = await signedUp(deps, laptop)
    const results = await atOnce(50, (index) =>
      verify(deps, wrongCode(letter), browser('laptop', `198.51.100.${index}`)),
    )
    expect(tally(results)).toEqual({ challenge_invalid: 50 })
    const [row] = await deps.db.run((tx) => tx.select().from(challenges).where(eq(challenges.id, letter.challengeId)))
    expect(row?.attempts).toBe(5)
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('challenge_invalid')
  })

  it('ends the other mails of the sign-up: none asks for the password of the account that there is now', async () => {
    const older = await signedUp(deps, laptop)
    deps.clock.advance(MINUTE)
    must(await requestVerification(deps, { email: 'ann@example.com' }, laptop))
    must(await verify(deps, byCode(newestLetter(deps)), laptop))
    for (const answer of [byLink(older), { ...byLink(older), password: PASSWORD }])
      expect(codeOf(await verify(deps, answer, phone))).toBe('challenge_invalid')
  })

  it('confirms no sign-up that was disabled meanwhile', async () => {
    const letter = await signedUp(deps, laptop)
    await deps.db.run((tx) => tx.update(users).set({ disabledAt: deps.now() }))
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('challenge_invalid')
    const [user] = await deps.db.run((tx) => tx.select().from(users))
    expect(user?.verifiedAt).toBeNull()
  })

  it('compares with nobody a password whose sign-up was rejected meanwhile', async () => {
    const letter = await signedUp(deps, laptop)
    meanwhile(deps, () => deps.db.run((tx) => tx.delete(users)))
    expect(await verify(deps, { ...byLink(letter), password: PASSWORD }, phone)).toEqual({
      ok: false,
      failure: { code: 'password_required', wrong: true },
    })
  })

  it('redeemed fifty times at once has one winner', async () => {
    const letter = await signedUp(deps, laptop)
    const results = await atOnce(50, (index) => verify(deps, byCode(letter), browser('laptop', `198.51.100.${index}`)))
    expect(tally(results).ok).toBe(1)
    expect(await deps.db.run((tx) => tx.select().from(sessions))).toHaveLength(1)
  })

  it('lets one of two pending sign-ups have the address, however they race', async () => {
    const [one, two] = [await signedUp(deps, laptop), await signedUp(deps, phone)]
    const results = await Promise.all([verify(deps, byCode(one), laptop), verify(deps, byCode(two), phone)])
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    const rows = await deps.db.run((tx) => tx.select().from(users))
    expect(rows.map(({ verifiedAt }) => verifiedAt)).toEqual([deps.now()])
  })

  it('counts twenty tries a day over all codes of an address; a new mail does not refill them, and the link stays open', async () => {
    const letters = [await signedUp(deps, laptop)]
    for (let more = 0; more < 4; more += 1) {
      deps.clock.advance(61 * MINUTE)
      must(await requestVerification(deps, { email: 'ann@example.com' }, laptop))
      letters.push(newestLetter(deps))
    }
    let [wrong, limited] = [0, 0]
    for (const letter of letters.slice(-3).concat(letters.slice(0, 2))) {
      for (let time = 0; time < 5; time += 1) {
        const result = await verify(deps, wrongCode(letter), browser('laptop', `198.51.100.${wrong}`))
        if (codeOf(result) === 'rate_limited') limited += 1
        else wrong += 1
      }
    }
    expect([wrong, limited]).toEqual([20, 5])
    const fresh = letters.at(-1)
    if (!fresh) throw new Error('There is a last letter.')
    deps.clock.advance(61 * MINUTE)
    must(await requestVerification(deps, { email: 'ann@example.com' }, laptop))
    expect(codeOf(await verify(deps, byCode(newestLetter(deps)), laptop))).toBe('rate_limited')
    expect(codeOf(await verify(deps, byLink(newestLetter(deps)), laptop))).toBe('ok')
  })

  it('is limited by origin: thirty submits in ten minutes', async () => {
    const nothing = { challengeId: 'A'.repeat(22), token: '000000' }
    const outcomes = []
    for (let time = 0; time < 31; time += 1) outcomes.push(codeOf(await verify(deps, nothing, laptop)))
    expect(outcomes.slice(0, 30).every((code) => code === 'challenge_invalid')).toBe(true)
    expect(outcomes[30]).toBe('rate_limited')
    expect(codeOf(await verify(deps, nothing, phone))).toBe('challenge_invalid')
    deps.clock.advance(10 * MINUTE)
    expect(codeOf(await verify(deps, nothing, laptop))).toBe('challenge_invalid')
  })
})

describe('verify, for a passwordless sign-in', () => {
  beforeEach(async () => {
    await verified(deps, laptop)
    deps.clock.advance(61 * MINUTE)
  })

  it.each([
    ['code', byCode],
    ['link', byLink],
  ] as const)('by %s, in the browser that asked: signed in, once', async (_, by) => {
    const letter = await signinLetter()
    const signedIn = must(await verify(deps, by(letter), laptop))
    expect(must(await currentSession(deps, signedIn.token)).user.email).toBe('ann@example.com')
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('challenge_invalid')
    expect(codeOf(await verify(deps, byLink(letter), laptop))).toBe('challenge_invalid')
  })

  it('by link elsewhere: asks for a yes, signs in there once, and the code stays good for the browser that asked', async () => {
    const letter = await signinLetter()
    for (let time = 0; time < 6; time += 1)
      expect(codeOf(await verify(deps, byLink(letter), phone))).toBe('confirmation_required')
    const there = must(await verify(deps, { ...byLink(letter), confirm: true }, phone))
    expect(codeOf(await verify(deps, { ...byLink(letter), confirm: true }, phone))).toBe('challenge_invalid')
    expect(codeOf(await verify(deps, byLink(letter), laptop))).toBe('challenge_invalid')
    must(await verify(deps, byCode(letter), laptop))
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('challenge_invalid')
    expect((await currentSession(deps, there.token)).ok).toBe(true)
  })

  it('ends the other mails in the browser that asked, and not by a link used elsewhere', async () => {
    const letters = [await signinLetter()]
    for (let more = 0; more < 2; more += 1) {
      deps.clock.advance(MINUTE)
      letters.push(await signinLetter())
    }
    const [first, second, third] = letters
    if (!first || !second || !third) throw new Error('There are three letters.')
    must(await verify(deps, { ...byLink(third), confirm: true }, phone))
    must(await verify(deps, byCode(second), laptop))
    expect(codeOf(await verify(deps, byCode(first), laptop))).toBe('challenge_invalid')
    expect(codeOf(await verify(deps, byCode(third), laptop))).toBe('challenge_invalid')
  })

  it('leaves a reset that was asked for meanwhile', async () => {
    must(await requestPasswordReset(deps, { email: 'ann@example.com' }, laptop))
    const reset = { ...byLink(newestLetter(deps)), password: 'an entirely new one' }
    must(await verify(deps, byCode(await signinLetter()), laptop))
    expect(codeOf(await resetPassword(deps, reset, laptop))).toBe('ok')
  })

  it('by code elsewhere: never, not even with a yes', async () => {
    const letter = await signinLetter()
    expect(codeOf(await verify(deps, byCode(letter), phone))).toBe('challenge_invalid')
    expect(codeOf(await verify(deps, { ...byCode(letter), confirm: true }, phone))).toBe('challenge_invalid')
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('ok')
  })

  it('confirmed fifty times at once elsewhere has one winner', async () => {
    const letter = await signinLetter()
    const results = await atOnce(50, (index) =>
      verify(deps, { ...byLink(letter), confirm: true }, browser('phone', `198.51.100.${index}`)),
    )
    expect(tally(results).ok).toBe(1)
  })

  it('is kept as long as was asked for, or as the last word said', async () => {
    const kept = must(await verify(deps, byCode(await signinLetter(laptop, true)), laptop))
    expect([kept.remember, kept.session.idleLifetime]).toEqual([true, 14 * 24 * 60 * MINUTE])
    deps.clock.advance(MINUTE)
    const elsewhere = { ...byLink(await signinLetter(laptop, true)), confirm: true }
    expect(must(await verify(deps, elsewhere, phone)).remember).toBe(false)
    deps.clock.advance(MINUTE)
    const said = { ...byCode(await signinLetter(laptop, true)), remember: false }
    expect(must(await verify(deps, said, laptop)).remember).toBe(false)
  })

  it('does not sign in to an account that was disabled meanwhile', async () => {
    const letter = await signinLetter()
    await deps.db.run((tx) => tx.update(users).set({ disabledAt: deps.now() }))
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('challenge_invalid')
  })

  it('ends the session this browser had', async () => {
    const before = must(await verify(deps, byCode(await signinLetter()), laptop))
    deps.clock.advance(MINUTE)
    const after = must(await verify(deps, byCode(await signinLetter()), withSession(laptop, before)))
    expect(after.token).not.toBe(before.token)
    expect((await currentSession(deps, before.token)).ok).toBe(false)
  })
})

it('takes no challenge of another purpose, of another account, or of nobody', async () => {
  await verified(deps, laptop)
  must(await requestPasswordReset(deps, { email: 'ann@example.com' }, laptop))
  const reset = newestLetter(deps)
  expect(codeOf(await verify(deps, byCode(reset), laptop))).toBe('challenge_invalid')
  expect(codeOf(await verify(deps, byLink(reset), laptop))).toBe('challenge_invalid')
  const [row] = await deps.db.run((tx) => tx.select().from(challenges).where(eq(challenges.id, reset.challengeId)))
  expect(row?.attempts).toBe(0)
  const ben = await signedUp(deps, laptop, 'ben@example.com')
  const cat = await signedUp(deps, laptop, 'cat@example.com')
  expect(codeOf(await verify(deps, { challengeId: ben.challengeId, token: cat.linkToken }, laptop))).toBe(
    'challenge_invalid',
  )
  const decoy = must(await signup(deps, { email: 'ann@example.com', password: PASSWORD }, laptop))
  expect(codeOf(await verify(deps, { challengeId: decoy.challengeId, token: '123456' }, laptop))).toBe(
    'challenge_invalid',
  )
})
