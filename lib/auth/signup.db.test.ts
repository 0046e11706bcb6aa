import { count, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { challenges, events, outbox, users } from '#db/schema/tables'
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
} from '../../test/journey.ts'
import { signin } from './signin.ts'
import { signup } from './signup.ts'
import { verify } from './verify.ts'

let deps: TestDeps
beforeEach(async () => {
  deps = await testDeps({ settings: { passwordMinLength: 8, siteName: 'Hall of Nine Doors', siteHost: 'localhost' } })
})
afterEach(() => deps.db.close())

const input = { email: 'ann@example.com', password: PASSWORD }
const laptop = browser('laptop')
const HOUR = 3_600_000

describe('signup', () => {
  it('makes a pending account and mails a code and a link', async () => {
    const issued = must(await signup(deps, input, laptop))
    expect(issued).toMatchObject({ purpose: 'verify', email: 'ann@example.com', expiresAt: deps.now() + 600_000 })
    expect(deps.mails).toHaveLength(1)
    expect(newestLetter(deps)).toMatchObject({
      challengeId: issued.challengeId,
      code: expect.stringMatching(/^\d{6}$/u),
    })
    const [user] = await deps.db.run((tx) => tx.select().from(users))
    expect(user).toMatchObject({ email: 'ann@example.com', verifiedAt: null })
  })

  it('stores no secret that the mail carries', async () => {
    const letter = await signedUp(deps, laptop)
    const rows = await deps.db.run(async (tx) => [await tx.select().from(challenges), await tx.select().from(outbox)])
    const stored = JSON.stringify(rows)
    expect(stored).not.toContain(letter.code)
    expect(stored).not.toContain(letter.linkToken)
  })

  it.each([
    ['too_short', 'seven77'],
    ['too_common', 'password1'],
    ['contains_email', 'ann@example.com'],
    ['contains_site_name', 'hall OF nine doors'],
  ])('refuses a password that is %s, and counts nothing', async (reason, password) => {
    const email = reason === 'contains_email' ? 'ann@example.com' : 'ben@example.com'
    for (let time = 0; time < 7; time += 1) {
      const result = await signup(deps, { email, password }, laptop)
      expect(result).toMatchObject({ ok: false, failure: { code: 'password_refused', reason } })
    }
    expect((await signup(deps, { email, password: PASSWORD }, laptop)).ok).toBe(true)
  })

  it('answers alike for an address that is taken, with a decoy and a mail to its owner', async () => {
    await verified(deps, laptop)
    const stranger = browser('stranger', '192.0.2.9')
    const answer = must(await signup(deps, { email: 'Ann@example.com', password: 'another fine password' }, stranger))
    expect(Object.keys(answer).toSorted()).toEqual(
      Object.keys(must(await signup(deps, { ...input, email: 'new@example.com' }, stranger))).toSorted(),
    )
    const news = deps.mails.find(({ letter }) => letter.template === 'address-taken')
    expect(news?.to).toBe('ann@example.com')
    for (let digit = 0; digit < 3; digit += 1) {
      const guess = { challengeId: answer.challengeId, token: `00000${digit}` }
      expect(codeOf(await verify(deps, guess, stranger))).toBe('challenge_invalid')
    }
    expect(codeOf(await signin(deps, { email: 'ann@example.com', password: 'another fine password' }, stranger))).toBe(
      'invalid_credentials',
    )
  })

  it('writes the same number of rows for every kind of address', async () => {
    const rows = async () => {
      const counts = await deps.db.run(async (tx) => [
        await tx.select({ n: count() }).from(users),
        await tx.select({ n: count() }).from(challenges),
        await tx.select({ n: count() }).from(outbox),
        await tx.select({ n: count() }).from(events),
      ])
      return counts.map(([row]) => Number(row?.n))
    }
    await verified(deps, laptop, 'taken@example.com')
    const before = await rows()
    must(await signup(deps, { email: 'taken@example.com', password: PASSWORD }, browser('one', '192.0.2.2')))
    const between = await rows()
    must(await signup(deps, { email: 'fresh@example.com', password: PASSWORD }, browser('two', '192.0.2.3')))
    const after = await rows()
    const grown = (from: number[], to: number[]) => to.map((value, index) => value - (from[index] ?? 0))
    expect(grown(before, between)).toEqual(grown(between, after))
  })

  it('keeps two sign-ups with one address apart, and the first that proves it wins', async () => {
    const attacker = browser('attacker', '192.0.2.66')
    const theirs = await signedUp(deps, attacker, 'ann@example.com', "the attacker's password")
    const mine = await signedUp(deps, laptop)
    // Ann opens the attacker's link in her browser: without his password it is nothing.
    expect(codeOf(await verify(deps, byLink(theirs), laptop))).toBe('password_required')
    must(await verify(deps, byCode(mine), laptop))
    expect(codeOf(await verify(deps, byLink(theirs), attacker))).toBe('challenge_invalid')
    const attack = { email: 'ann@example.com', password: "the attacker's password" }
    expect(codeOf(await signin(deps, attack, attacker))).toBe('invalid_credentials')
    expect(await deps.db.run((tx) => tx.select().from(users))).toHaveLength(1)
  })

  it('holds three pending accounts of an address, never at the cost of a code another browser can still type', async () => {
    const letters = []
    for (const [index, name] of ['one', 'two', 'three'].entries())
      letters.push(await signedUp(deps, browser(name, `192.0.2.${index}`)))
    must(await signup(deps, input, browser('four', '192.0.2.4')))
    expect(deps.mails).toHaveLength(3)
    const pending = await deps.db.run((tx) => tx.select().from(users).where(eq(users.email, 'ann@example.com')))
    expect(pending).toHaveLength(3)
    const [first] = letters
    if (!first) throw new Error('There is a first letter.')
    expect(codeOf(await verify(deps, byCode(first), browser('one', '192.0.2.0')))).toBe('ok')
  })

  it('makes room for a browser at the cost of its own earlier sign-up', async () => {
    await signedUp(deps, browser('one', '192.0.2.1'))
    await signedUp(deps, browser('two', '192.0.2.2'))
    const old = await signedUp(deps, laptop)
    const fresh = await signedUp(deps, laptop)
    expect(fresh.challengeId).not.toBe(old.challengeId)
    expect(await deps.db.run((tx) => tx.select().from(users))).toHaveLength(3)
    expect(codeOf(await verify(deps, byCode(old), laptop))).toBe('challenge_invalid')
    expect(codeOf(await verify(deps, byCode(fresh), laptop))).toBe('ok')
  })

  it('is limited by address and by origin, each alone', async () => {
    const outcomes = []
    for (let time = 0; time < 6; time += 1)
      outcomes.push(codeOf(await signup(deps, input, browser('b', `192.0.2.${time}`))))
    expect(outcomes).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'rate_limited'])
    const origin = []
    for (let time = 0; time < 6; time += 1)
      origin.push(codeOf(await signup(deps, { ...input, email: `n${time}@example.com` }, browser('b', '198.51.100.1'))))
    expect(origin).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'rate_limited'])
    deps.clock.advance(HOUR)
    expect(codeOf(await signup(deps, input, browser('b', '192.0.2.1')))).toBe('ok')
  })

  it('sends one address at most ten mails a day, whoever asks', async () => {
    for (let hour = 0; hour < 6; hour += 1) {
      for (let time = 0; time < 5; time += 1) await signup(deps, input, browser('b', `192.0.2.${hour * 5 + time}`))
      deps.clock.advance(HOUR)
    }
    expect(deps.mails.length).toBeLessThanOrEqual(10)
    const result = await signup(deps, input, browser('b', '203.0.113.1'))
    expect(codeOf(result)).toBe('rate_limited')
  })

  it('answers busy before it asks the database anything, while no more passwords can wait', async () => {
    deps.passwords.admit = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    deps.db.read =
      deps.db.run =
      deps.db.transaction =
        async () => {
          throw new Error('The database was asked.')
        }
    expect(codeOf(await signup(deps, input, laptop))).toBe('busy')
  })

  it('answers busy when the hash queue is full, and makes nothing', async () => {
    const busy = { ok: false, failure: { code: 'busy', retryAfter: 5 } } as const
    deps.passwords.hash = async () => busy
    expect(await signup(deps, input, laptop)).toEqual(busy)
    expect(await deps.db.run((tx) => tx.select().from(users))).toEqual([])
  })

  it('raced fifty ways gives five answers, three accounts and no error', async () => {
    const results = await atOnce(50, (index) => signup(deps, input, browser(`b${index}`, `192.0.2.${index}`)))
    expect(tally(results)).toEqual({ ok: 5, rate_limited: 45 })
    expect(await deps.db.run((tx) => tx.select().from(users))).toHaveLength(3)
  })
})
