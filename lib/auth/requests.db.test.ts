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
} from '../../test/journey.ts'
import { currentSession } from './current-session.ts'
import { previewChallenge } from './preview-challenge.ts'
import { rejectSignup } from './reject-signup.ts'
import { requestSignin } from './request-signin.ts'
import { requestVerification } from './request-verification.ts'
import { signin } from './signin.ts'
import { signout } from './signout.ts'
import { verify } from './verify.ts'

let deps: TestDeps
beforeEach(async () => {
  deps = await testDeps()
})
afterEach(() => deps.db.close())

const laptop = browser('laptop', '192.0.2.1')
const phone = browser('phone', '192.0.2.2')
const email = 'ann@example.com'
const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('requestVerification', () => {
  it('waits a minute after the sign-up, then mails fresh secrets', async () => {
    const first = await signedUp(deps, laptop)
    expect(await requestVerification(deps, { email }, laptop)).toMatchObject({
      failure: { code: 'rate_limited', retryAfter: 60 },
    })
    deps.clock.advance(MINUTE)
    must(await requestVerification(deps, { email }, laptop))
    const second = newestLetter(deps)
    expect([second.challengeId, second.linkToken]).not.toEqual([first.challengeId, first.linkToken])
    expect(codeOf(await verify(deps, byCode(first), laptop))).toBe('ok')
  })

  it('picks the sign-up of the browser that asks, else the newest', async () => {
    await signedUp(deps, laptop, email, "the laptop's password")
    await signedUp(deps, phone, email, "the phone's password")
    deps.clock.advance(MINUTE)
    must(await requestVerification(deps, { email }, laptop))
    must(await verify(deps, byCode(newestLetter(deps)), laptop))
    expect(codeOf(await signin(deps, { email, password: "the laptop's password" }, laptop))).toBe('ok')
  })

  it("does not trust the browser that asks for somebody else's sign-up: it still has to know the password", async () => {
    await signedUp(deps, phone, email, "the attacker's password")
    deps.clock.advance(MINUTE)
    must(await requestVerification(deps, { email }, laptop))
    const letter = newestLetter(deps)
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('password_required')
    expect(codeOf(await verify(deps, byLink(letter), laptop))).toBe('password_required')
    expect(must(await previewChallenge(deps, byLink(letter), laptop)).device).toBe('other')
    expect(codeOf(await verify(deps, { ...byCode(letter), password: PASSWORD }, laptop))).toBe('password_required')
    expect(codeOf(await signin(deps, { email, password: "the attacker's password" }, phone))).toBe('email_unverified')
  })

  it('is answered by the browser that chose the password, whoever asked', async () => {
    await signedUp(deps, phone)
    deps.clock.advance(MINUTE)
    must(await requestVerification(deps, { email }, laptop))
    expect(codeOf(await verify(deps, byCode(newestLetter(deps)), phone))).toBe('ok')
  })

  it.each(['unknown', 'verified'])('answers alike and mails nobody: %s', async (kind) => {
    if (kind === 'verified') await verified(deps, laptop)
    deps.clock.advance(MINUTE)
    const mails = deps.mails.length
    const issued = must(await requestVerification(deps, { email }, phone))
    expect(issued).toMatchObject({ purpose: 'verify', email, resendAt: deps.now() + MINUTE })
    expect(deps.mails).toHaveLength(mails)
  })

  it.each([email, 'nobody@example.com'])('five an hour, raced or not, and ten a day: %s', async (address) => {
    let sent = 0
    for (let minute = 0; minute < 8; minute += 1) {
      const results = await atOnce(5, () => requestVerification(deps, { email: address }, laptop))
      sent += tally(results).ok ?? 0
      deps.clock.advance(MINUTE)
    }
    expect(sent).toBe(5)
    for (let hour = 0; hour < 5; hour += 1) {
      deps.clock.advance(HOUR)
      for (let minute = 0; minute < 6; minute += 1) {
        sent += codeOf(await requestVerification(deps, { email: address }, laptop)) === 'ok' ? 1 : 0
        deps.clock.advance(MINUTE)
      }
    }
    expect(sent).toBe(10)
  })

  it('has at most three live codes of an address, and never kills one of another browser', async () => {
    const first = await signedUp(deps, laptop)
    for (let more = 0; more < 3; more += 1) {
      deps.clock.advance(MINUTE)
      must(await requestVerification(deps, { email }, phone))
    }
    const live = await deps.db.run((tx) => tx.select().from(challenges).where(eq(challenges.purpose, 'verify')))
    expect(live.filter(({ userId }) => userId !== null)).toHaveLength(3)
    expect(codeOf(await verify(deps, byCode(first), laptop))).toBe('ok')
  })
})

describe('requestSignin', () => {
  it.each(['unknown', 'pending', 'disabled'])('answers alike and mails nobody: %s', async (kind) => {
    if (kind === 'pending') await signedUp(deps, laptop)
    if (kind === 'disabled') {
      await verified(deps, laptop)
      await deps.db.run((tx) => tx.update(users).set({ disabledAt: 1 }))
    }
    const mails = deps.mails.length
    expect(must(await requestSignin(deps, { email }, phone))).toMatchObject({ purpose: 'sign-in', email })
    expect(deps.mails).toHaveLength(mails)
  })

  it('thirty an hour for an origin, over all addresses and both forms', async () => {
    const ask = (index: number) =>
      (index % 2 ? requestSignin : requestVerification)(deps, { email: `n${index}@example.com` }, laptop)
    expect(tally(await atOnce(40, ask))).toEqual({ ok: 30, rate_limited: 10 })
    expect(codeOf(await requestSignin(deps, { email }, phone))).toBe('ok')
  })

  it('waits a minute between mails', async () => {
    await verified(deps, laptop)
    must(await requestSignin(deps, { email }, laptop))
    expect(codeOf(await requestSignin(deps, { email }, phone))).toBe('rate_limited')
  })
})

describe('previewChallenge', () => {
  it('says what the link is about, masked, and uses nothing up', async () => {
    const letter = await signedUp(deps, laptop)
    for (let time = 0; time < 10; time += 1)
      expect(must(await previewChallenge(deps, byLink(letter), phone))).toEqual({
        purpose: 'verify',
        email: 'a***@example.com',
        device: 'other',
        askedAt: deps.now(),
        askedFrom: { browser: 'Firefox', system: 'Linux' },
      })
    expect(must(await previewChallenge(deps, byLink(letter), laptop)).device).toBe('this')
    const [row] = await deps.db.run((tx) => tx.select().from(challenges))
    expect(row).toMatchObject({ attempts: 0, consumedAt: null, linkUsedAt: null })
  })

  it('tells nothing of a code, a used link, an expired one or a decoy', async () => {
    const letter = await signedUp(deps, laptop)
    expect(codeOf(await previewChallenge(deps, byCode(letter), laptop))).toBe('challenge_invalid')
    expect(codeOf(await previewChallenge(deps, { ...byLink(letter), challengeId: 'A'.repeat(22) }, laptop))).toBe(
      'challenge_invalid',
    )
    must(await verify(deps, byCode(letter), laptop))
    expect(codeOf(await previewChallenge(deps, byLink(letter), laptop))).toBe('challenge_invalid')
    const other = await signedUp(deps, phone, 'ben@example.com')
    deps.clock.advance(24 * HOUR)
    expect(codeOf(await previewChallenge(deps, byLink(other), phone))).toBe('challenge_invalid')
  })

  it('is limited by origin', async () => {
    const letter = await signedUp(deps, laptop)
    const results = await atOnce(31, () => previewChallenge(deps, byLink(letter), phone))
    expect(tally(results)).toEqual({ ok: 30, rate_limited: 1 })
  })
})

describe('rejectSignup', () => {
  it('deletes the pending account, from anywhere, by its link', async () => {
    const letter = await signedUp(deps, laptop)
    must(await rejectSignup(deps, byLink(letter), phone))
    expect(await deps.db.run((tx) => tx.select().from(users))).toEqual([])
    expect(codeOf(await verify(deps, byCode(letter), laptop))).toBe('challenge_invalid')
    expect(codeOf(await signin(deps, { email, password: PASSWORD }, laptop))).toBe('invalid_credentials')
  })

  it('takes a code from its own browser only, no other purpose, and no second time', async () => {
    const letter = await signedUp(deps, laptop)
    expect(codeOf(await rejectSignup(deps, byCode(letter), phone))).toBe('challenge_invalid')
    must(await rejectSignup(deps, byCode(letter), laptop))
    expect(codeOf(await rejectSignup(deps, byCode(letter), laptop))).toBe('challenge_invalid')
    await verified(deps, laptop)
    must(await requestSignin(deps, { email }, laptop))
    expect(codeOf(await rejectSignup(deps, byLink(newestLetter(deps)), laptop))).toBe('challenge_invalid')
  })

  it('leaves an account that was confirmed meanwhile', async () => {
    const letter = await signedUp(deps, laptop)
    meanwhile(deps, async () => must(await verify(deps, byCode(letter), laptop)))
    expect(codeOf(await rejectSignup(deps, byLink(letter), phone))).toBe('challenge_invalid')
    expect(codeOf(await signin(deps, { email, password: PASSWORD }, laptop))).toBe('ok')
  })

  it('raced with the verification leaves either an account or nothing, never half of one', async () => {
    const letter = await signedUp(deps, laptop)
    const [yes, no] = await Promise.all([
      verify(deps, byCode(letter), laptop),
      rejectSignup(deps, byLink(letter), phone),
    ])
    expect([yes.ok, no.ok].filter(Boolean)).toHaveLength(1)
    expect(await deps.db.run((tx) => tx.select().from(users))).toHaveLength(yes.ok ? 1 : 0)
  })

  it('is limited by origin', async () => {
    const nothing = { challengeId: 'A'.repeat(22), token: '000000' }
    expect(tally(await atOnce(31, () => rejectSignup(deps, nothing, phone)))).toEqual({
      challenge_invalid: 30,
      rate_limited: 1,
    })
  })
})

describe('sessions', () => {
  it('end with their sign-out, and a second one is fine', async () => {
    const signedIn = await verified(deps, laptop)
    const elsewhere = must(await signin(deps, { email, password: PASSWORD }, phone))
    expect((await signout(deps, {}, withSession(laptop, signedIn))).ok).toBe(true)
    expect((await signout(deps, {}, withSession(laptop, signedIn))).ok).toBe(true)
    expect((await signout(deps, {}, laptop)).ok).toBe(true)
    expect(codeOf(await currentSession(deps, signedIn.token))).toBe('not_signed_in')
    expect(codeOf(await currentSession(deps, elsewhere.token))).toBe('ok')
  })

  it("end everywhere at once, and nobody else's do", async () => {
    const mine = await verified(deps, laptop)
    const elsewhere = must(await signin(deps, { email, password: PASSWORD }, phone))
    const bens = await verified(deps, browser('ben', '192.0.2.3'), 'ben@example.com')
    await signout(deps, { everywhere: true }, withSession(laptop, mine))
    expect(codeOf(await currentSession(deps, mine.token))).toBe('not_signed_in')
    expect(codeOf(await currentSession(deps, elsewhere.token))).toBe('not_signed_in')
    expect(codeOf(await currentSession(deps, bens.token))).toBe('ok')
  })

  it('are renewed by use, written at most every five minutes, and end after their rest', async () => {
    const { token } = await verified(deps, laptop)
    const row = async () => (await deps.db.run((tx) => tx.select().from(sessions)))[0]
    const begun = deps.now()
    deps.clock.advance(5 * MINUTE - 1)
    const before = { lastSeenAt: begun, expiresAt: begun + 12 * HOUR }
    expect(must(await currentSession(deps, token)).session).toMatchObject(before)
    expect(await row()).toMatchObject(before)
    deps.clock.advance(1)
    expect(must(await currentSession(deps, token)).session.lastSeenAt).toBe(deps.now())
    expect(await row()).toMatchObject({ lastSeenAt: deps.now(), expiresAt: deps.now() + 12 * HOUR })
    deps.clock.advance(12 * HOUR - 1)
    expect(codeOf(await currentSession(deps, token))).toBe('ok')
    deps.clock.advance(12 * HOUR)
    expect(codeOf(await currentSession(deps, token))).toBe('not_signed_in')
  })

  it('are not written again where another request has just written their use', async () => {
    const { token } = await verified(deps, laptop)
    deps.clock.advance(5 * MINUTE)
    const written = { lastSeenAt: deps.now() - 1, expiresAt: deps.now() - 1 + 12 * HOUR }
    meanwhile(deps, () => deps.db.run((tx) => tx.update(sessions).set(written)))
    must(await currentSession(deps, token))
    expect(await deps.db.run((tx) => tx.select().from(sessions))).toMatchObject([written])
  })

  it('end after thirty days whatever their use', async () => {
    await verified(deps, laptop)
    const { token } = must(await signin(deps, { email, password: PASSWORD, remember: true }, laptop))
    for (let day = 0; day < 29; day += 1) {
      deps.clock.advance(24 * HOUR)
      expect(codeOf(await currentSession(deps, token))).toBe('ok')
    }
    deps.clock.advance(24 * HOUR)
    expect(codeOf(await currentSession(deps, token))).toBe('not_signed_in')
  })

  it("are nobody's without a token, with a foreign one, or of a disabled account", async () => {
    const { token, session } = await verified(deps, laptop)
    for (const other of [null, '', session.id, session.tokenHash, `${token.slice(0, -1)}_`])
      expect(codeOf(await currentSession(deps, other))).toBe('not_signed_in')
    await deps.db.run((tx) => tx.update(users).set({ disabledAt: 1 }))
    expect(codeOf(await currentSession(deps, token))).toBe('not_signed_in')
  })
})
