import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { events, users } from '#db/schema/tables'
import { browser, NOON, type TestDeps, testDeps } from '../../test/deps.ts'
import { byCode, byLink, must, newestLetter, PASSWORD, signedUp, verified, withSession } from '../../test/journey.ts'
import { rejectSignup } from './reject-signup.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { requestSignin } from './request-signin.ts'
import { requestVerification } from './request-verification.ts'
import { resetPassword } from './reset-password.ts'
import { signin } from './signin.ts'
import { signout } from './signout.ts'
import { signup } from './signup.ts'
import { verify } from './verify.ts'

let deps: TestDeps
beforeEach(async () => {
  deps = await testDeps()
})
afterEach(() => deps.db.close())

const laptop = browser('laptop', '192.0.2.1')
const phone = browser('phone', '192.0.2.2')
const email = 'ann@example.com'
const account = { email, password: PASSWORD }
const wrong = { ...account, password: 'not the password' }
const NEW = 'an entirely new password'

const idOf = async (emailKey: string) =>
  (await deps.db.run((tx) => tx.select().from(users))).find((user) => user.emailKey === emailKey)?.id ?? null
const disable = () => deps.db.run((tx) => tx.update(users).set({ disabledAt: 1 }))

/** What `act` wrote to the trail: type, outcome, whether of Ann's account, and the address. */
async function trail(act: () => Promise<unknown>) {
  await deps.db.run((tx) => tx.delete(events))
  const before = await idOf(email)
  await act()
  const ann = before ?? (await idOf(email))
  const rows = await deps.db.run((tx) => tx.select().from(events))
  return rows.map(({ type, outcome, userId, emailKey }) => [type, outcome, userId && userId === ann, emailKey])
}

/** Asks again until no further mail goes: three codes of an address can be typed at a time. */
async function untilFull(ask: () => Promise<unknown>) {
  for (let more = 0; more < 3; more += 1) {
    deps.clock.advance(60_000)
    await ask()
  }
}

it('an event says who called, from where, when, and in which request', async () => {
  await signup(deps, account, { ...laptop, requestId: 'the-request', userAgent: 'Test/2.0' })
  expect(await deps.db.run((tx) => tx.select().from(events))).toEqual([
    {
      id: expect.stringMatching(/^[\w-]{22}$/u),
      type: 'signup',
      outcome: 'ok',
      userId: await idOf(email),
      emailKey: email,
      ip: '192.0.2.1',
      deviceHash: laptop.deviceHash,
      userAgent: 'Test/2.0',
      requestId: 'the-request',
      at: NOON,
    },
  ])
})

describe('a sign-up', () => {
  const again = () => signup(deps, { ...account, email: 'ANN@example.com' }, phone)

  it('that is taken, disabled or not: whose it is stays unsaid', async () => {
    await verified(deps, laptop)
    expect(await trail(again)).toEqual([['signup', 'address_taken', null, email]])
    await disable()
    expect(await trail(again)).toEqual([['signup', 'address_taken', null, email]])
  })

  it('that finds no room', async () => {
    for (const name of ['one', 'two', 'three']) await signedUp(deps, browser(name, `192.0.3.${name.length}`))
    expect(await trail(again)).toEqual([['signup', 'too_many_pending', null, email]])
  })

  it.each([['code', byCode] as const, ['link', byLink] as const])('that is confirmed by %s', async (by, answer) => {
    const letter = await signedUp(deps, laptop)
    expect(await trail(() => verify(deps, answer(letter), laptop))).toEqual([['email_verified', by, true, email]])
  })

  it('that its address rejects', async () => {
    const letter = await signedUp(deps, laptop)
    expect(await trail(() => rejectSignup(deps, byLink(letter), phone))).toEqual([
      ['signup_rejected', 'ok', true, email],
    ])
  })
})

describe('a mail asked for', () => {
  const resend = () => requestVerification(deps, { email }, laptop)
  const signinMail = () => requestSignin(deps, { email }, laptop)
  const resetMail = () => requestPasswordReset(deps, { email }, laptop)

  it('to confirm a sign-up', async () => {
    expect(await trail(resend)).toEqual([['verification_requested', 'unknown_address', null, email]])
    deps.clock.advance(60_000)
    await signedUp(deps, laptop)
    deps.clock.advance(60_000)
    expect(await trail(resend)).toEqual([['verification_requested', 'ok', true, email]])
  })

  it('to confirm what is confirmed', async () => {
    await verified(deps, laptop)
    deps.clock.advance(60_000)
    expect(await trail(resend)).toEqual([['verification_requested', 'already_verified', null, email]])
  })

  it.each([
    ['signin_requested', signinMail],
    ['reset_requested', resetMail],
  ])('%s', async (type, ask) => {
    expect(await trail(ask)).toEqual([[type, 'unknown_address', null, email]])
    deps.clock.advance(60_000)
    await verified(deps, laptop)
    expect(await trail(ask)).toEqual([[type, 'ok', true, email]])
    deps.clock.advance(60_000)
    await disable()
    expect(await trail(ask)).toEqual([[type, 'disabled', true, email]])
  })

  it('when the codes of another browser fill the address', async () => {
    await signedUp(deps, laptop)
    await untilFull(resend)
    deps.clock.advance(60_000)
    expect(await trail(() => requestVerification(deps, { email }, phone))).toEqual([
      ['verification_requested', 'too_many_live', true, email],
    ])
    await verify(deps, byCode(newestLetter(deps)), laptop)
    await untilFull(signinMail)
    deps.clock.advance(60_000)
    expect(await trail(() => requestSignin(deps, { email }, phone))).toEqual([
      ['signin_requested', 'too_many_live', true, email],
    ])
  })
})

describe('a sign-in', () => {
  it('by password, right or wrong or of nobody', async () => {
    expect(await trail(() => signin(deps, account, laptop))).toEqual([['signin', 'invalid_credentials', null, email]])
    await verified(deps, laptop)
    expect(await trail(() => signin(deps, account, laptop))).toEqual([['signin', 'ok', true, email]])
    expect(await trail(() => signin(deps, wrong, laptop))).toEqual([['signin', 'invalid_credentials', true, email]])
  })

  it('to an account that waits for its mail, or is disabled', async () => {
    await signedUp(deps, laptop)
    expect(await trail(() => signin(deps, account, laptop))).toEqual([['signin', 'email_unverified', true, email]])
    await disable()
    expect(await trail(() => signin(deps, account, laptop))).toEqual([['signin', 'disabled', true, email]])
  })

  it('by mail, from the browser that asked and from another', async () => {
    await verified(deps, laptop)
    must(await requestSignin(deps, { email }, laptop))
    const letter = newestLetter(deps)
    const elsewhere = () => verify(deps, { ...byLink(letter), confirm: true }, phone)
    expect(await trail(elsewhere)).toEqual([['signin_by_mail', 'other', true, email]])
    expect(await trail(() => verify(deps, byCode(letter), laptop))).toEqual([['signin_by_mail', 'this', true, email]])
  })
})

it('a sign-out, here or everywhere, and none where nobody was signed in', async () => {
  const signedIn = await verified(deps, laptop)
  expect(await trail(() => signout(deps, {}, laptop))).toEqual([])
  expect(await trail(() => signout(deps, {}, { ...laptop, sessionToken: 'foreign' }))).toEqual([])
  expect(await trail(() => signout(deps, {}, withSession(laptop, signedIn)))).toEqual([['signout', 'ok', true, email]])
  const again = must(await signin(deps, account, laptop))
  expect(await trail(() => signout(deps, { everywhere: true }, withSession(laptop, again)))).toEqual([
    ['signout_everywhere', 'ok', true, email],
  ])
  const expired = must(await signin(deps, account, laptop))
  deps.clock.advance(12 * 3_600_000)
  expect(await trail(() => signout(deps, {}, withSession(laptop, expired)))).toEqual([])
})

it.each([['code', byCode] as const, ['link', byLink] as const])('a reset by %s', async (by, answer) => {
  await verified(deps, laptop)
  must(await requestPasswordReset(deps, { email }, laptop))
  const given = { ...answer(newestLetter(deps)), password: NEW }
  expect(await trail(() => resetPassword(deps, given, laptop))).toEqual([['password_reset', by, true, email]])
})

describe('a wrong answer', () => {
  it('to a challenge that is there', async () => {
    const { challengeId } = await signedUp(deps, laptop)
    const guess = { challengeId, token: 'no-such-token' }
    expect(await trail(() => verify(deps, guess, laptop))).toEqual([['challenge_failed', 'verify', true, email]])
  })

  it('to one that is not', async () => {
    const guess = { challengeId: 'none', token: '123456' }
    expect(await trail(() => verify(deps, guess, laptop))).toEqual([
      ['challenge_failed', 'unknown_challenge', null, null],
    ])
  })
})
