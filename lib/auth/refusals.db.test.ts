import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { events } from '#db/schema/tables'
import { browser, type TestDeps, testDeps } from '../../test/deps.ts'
import { atOnce, byLink, codeOf, PASSWORD, signedUp, verified, withSession } from '../../test/journey.ts'
import type { Caller } from './deps.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { requestSignin } from './request-signin.ts'
import { requestVerification } from './request-verification.ts'
import { signin } from './signin.ts'
import { signout } from './signout.ts'
import { verify } from './verify.ts'

// Refusals are in the trail too, and a flood of them is not.

const MINUTE = 60_000
const email = 'ann@example.com'
const laptop = browser('laptop', '192.0.2.7')

let deps: TestDeps
beforeEach(async () => {
  deps = await testDeps()
})
afterEach(() => deps.db.close())

const trail = (type: string) =>
  deps.db.run(async (tx) => (await tx.select().from(events)).filter((event) => event.type === type))
const allEvents = () => deps.db.run(async (tx) => (await tx.select().from(events)).length)
const wrongPassword = (caller: Caller, address = email) =>
  signin(deps, { email: address, password: 'not the password' }, caller)

describe('a refusal by a limit', () => {
  it('is written with budget, address, origin, browser and request', async () => {
    for (const ask of [requestPasswordReset, requestSignin, requestVerification]) {
      await ask(deps, { email }, laptop)
      await ask(deps, { email: 'Ann@Example.com' }, laptop)
    }
    const written = await trail('rate_limited')
    expect(written.toSorted((one, other) => one.outcome.localeCompare(other.outcome))).toMatchObject(
      ['reset', 'sign-in', 'verify'].map((purpose) => ({
        outcome: `resend-gap:${purpose}`,
        emailKey: email,
        ip: '192.0.2.7',
        userAgent: 'Test/1.0',
        requestId: 'test-request',
      })),
    )
  })

  it.each(['verified', 'unknown'])('is written alike for a %s address', async (kind) => {
    if (kind === 'verified') await verified(deps, laptop)
    const before = await allEvents()
    await atOnce(20, (index) => wrongPassword(browser('stranger', `198.51.100.${index}`)))
    expect((await allEvents()) - before).toBe(6)
    expect(await trail('rate_limited')).toMatchObject([{ outcome: 'signin:account', emailKey: email }])
  })

  it('is written once in a window, however many come', async () => {
    await atOnce(60, (index) => wrongPassword(laptop, `n${index}@example.com`))
    expect(await trail('rate_limited')).toMatchObject([{ outcome: 'signin:origin', ip: '192.0.2.7' }])
    expect(await allEvents()).toBe(21)
    deps.clock.advance(5 * MINUTE)
    await atOnce(60, (index) => wrongPassword(laptop, `n${index}@example.com`))
    expect(await trail('rate_limited')).toHaveLength(2)
  })
})

it('a wrong password at the link of a sign-up is written', async () => {
  const letter = await signedUp(deps, laptop)
  const elsewhere = browser('elsewhere', '203.0.113.9')
  expect(codeOf(await verify(deps, { ...byLink(letter), password: 'not the password' }, elsewhere))).toBe(
    'password_required',
  )
  expect(await trail('challenge_failed')).toMatchObject([
    { outcome: 'wrong_password', emailKey: email, ip: '203.0.113.9' },
  ])
})

it.each([
  [false, 'signout'],
  [true, 'signout_everywhere'],
])('a sign-out (everywhere: %s) is written with account, address, origin and browser', async (everywhere, type) => {
  const signedIn = await verified(deps, laptop, email, PASSWORD)
  await signout(deps, { everywhere }, withSession(laptop, signedIn))
  expect(await trail(type)).toMatchObject([
    { userId: signedIn.user.id, emailKey: email, ip: '192.0.2.7', userAgent: 'Test/1.0' },
  ])
})
