import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isKnownDevice } from '#db/queries/devices'
import { devices, events, sessions, users } from '#db/schema/tables'
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
  withSession,
} from '../../test/journey.ts'
import { currentSession } from './current-session.ts'
import type { Caller } from './deps.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { resetPassword } from './reset-password.ts'
import { signin } from './signin.ts'
import { verify } from './verify.ts'

let deps: TestDeps
beforeEach(async () => {
  deps = await testDeps()
})
afterEach(() => deps.db.close())

const laptop = browser('laptop', '192.0.2.1')
const stranger = browser('stranger', '203.0.113.7')
const right = { email: 'ann@example.com', password: PASSWORD }
const wrong = { email: 'ann@example.com', password: 'not the password' }
const MINUTE = 60_000

describe('signin', () => {
  it('begins a session for the right password, however the address is spelt', async () => {
    await verified(deps, laptop)
    const signedIn = must(await signin(deps, { ...right, email: 'ANN@example.com' }, stranger))
    expect(must(await currentSession(deps, signedIn.token)).user.email).toBe('ann@example.com')
  })

  it('lasts twelve hours of rest, or two weeks when it is to be kept', async () => {
    await verified(deps, laptop)
    const short = must(await signin(deps, right, laptop))
    const kept = must(await signin(deps, { ...right, remember: true }, stranger))
    expect(short.session.expiresAt - deps.now()).toBe(12 * 60 * MINUTE)
    expect(kept.session.expiresAt - deps.now()).toBe(14 * 24 * 60 * MINUTE)
  })

  it.each(['unknown address', 'wrong password', 'disabled account'])(
    'gives one answer after one comparison: %s',
    async (kind) => {
      if (kind !== 'unknown address') await verified(deps, laptop)
      if (kind === 'disabled account') await deps.db.run((tx) => tx.update(users).set({ disabledAt: 1 }))
      const before = deps.passwords.comparisons
      const result = await signin(deps, kind === 'disabled account' ? right : wrong, stranger)
      expect(result).toEqual({ ok: false, failure: { code: 'invalid_credentials' } })
      expect(deps.passwords.comparisons - before).toBe(1)
    },
  )

  it('tells only the right password that the sign-up still waits, and names the challenge of this browser', async () => {
    const letter = await signedUp(deps, laptop)
    expect(codeOf(await signin(deps, wrong, laptop))).toBe('invalid_credentials')
    const { email } = right
    const sentAt = deps.now()
    deps.clock.advance(1)
    const challenge = { purpose: 'verify', challengeId: letter.challengeId, email, sentAt, resendAt: sentAt + MINUTE }
    expect(await signin(deps, right, laptop)).toEqual({ ok: false, failure: { code: 'email_unverified', challenge } })
  })

  it('mails a new code to a browser that has none it could type, within the budgets of mail', async () => {
    await signedUp(deps, laptop)
    expect(await signin(deps, right, stranger)).toMatchObject({
      failure: { code: 'email_unverified', challenge: null },
    })
    deps.clock.advance(MINUTE)
    const result = await signin(deps, right, stranger)
    expect(result).toMatchObject({ failure: { challenge: { challengeId: newestLetter(deps).challengeId } } })
    expect(codeOf(await verify(deps, byCode(newestLetter(deps)), stranger))).toBe('ok')
  })

  it('compares with the sign-up of this browser where several wait', async () => {
    await signedUp(deps, laptop, 'ann@example.com', PASSWORD)
    await signedUp(deps, stranger, 'ann@example.com', "a stranger's password")
    expect(codeOf(await signin(deps, right, laptop))).toBe('email_unverified')
    expect(codeOf(await signin(deps, right, stranger))).toBe('invalid_credentials')
  })

  it('re-hashes a stale password, and the new hash is the one that counts', async () => {
    await verified(deps, laptop)
    const old = `old$${Buffer.from(PASSWORD).toString('base64url')}`
    await deps.db.run((tx) => tx.update(users).set({ passwordHash: old }))
    must(await signin(deps, right, laptop))
    const [user] = await deps.db.run((tx) => tx.select().from(users))
    expect(user?.passwordHash.startsWith('fast$')).toBe(true)
    expect(codeOf(await signin(deps, right, laptop))).toBe('ok')
  })

  it('signs in with the old hash when the queue is too full to re-hash', async () => {
    await verified(deps, laptop)
    const old = `old$${Buffer.from(PASSWORD).toString('base64url')}`
    await deps.db.run((tx) => tx.update(users).set({ passwordHash: old }))
    deps.passwords.hash = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    expect(codeOf(await signin(deps, right, laptop))).toBe('ok')
  })

  it('answers busy before it asks the database anything, while no more passwords can wait', async () => {
    deps.passwords.admit = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    deps.db.read = deps.db.run = async () => {
      throw new Error('The database was asked.')
    }
    expect(codeOf(await signin(deps, right, stranger))).toBe('busy')
  })

  it('answers busy when the queue is full, and that is no failed try', async () => {
    await verified(deps, laptop)
    const compare = deps.passwords.verify
    deps.passwords.verify = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    for (let time = 0; time < 30; time += 1) expect(codeOf(await signin(deps, right, stranger))).toBe('busy')
    deps.passwords.verify = compare
    expect(codeOf(await signin(deps, right, stranger))).toBe('ok')
  })

  it('loses to a reset that comes between the comparison and the session', async () => {
    await verified(deps, laptop)
    must(await requestPasswordReset(deps, { email: 'ann@example.com' }, laptop))
    const reset = { ...byLink(newestLetter(deps)), password: 'an entirely new one' }
    const compare = deps.passwords.verify.bind(deps.passwords)
    deps.passwords.verify = async (...args) => {
      const compared = await compare(...args)
      must(await resetPassword(deps, reset, laptop))
      return compared
    }
    expect(codeOf(await signin(deps, right, stranger))).toBe('invalid_credentials')
    expect(await deps.db.run((tx) => tx.select().from(sessions))).toEqual([])
  })

  it('gives a new token each time and ends the session the browser had', async () => {
    const first = await verified(deps, laptop)
    const second = must(await signin(deps, right, withSession(laptop, first)))
    expect(second.token).not.toBe(first.token)
    expect((await currentSession(deps, first.token)).ok).toBe(false)
  })

  it('keeps twenty sessions of an account; the oldest goes, raced or not', async () => {
    const first = await verified(deps, laptop)
    deps.clock.advance(6 * MINUTE)
    // Five at a time: a sign-in under way counts as a failure until it has proved to be none.
    for (let round = 0; round < 6; round += 1) {
      const from = (index: number) => browser(`b${round}-${index}`, `198.51.100.${index}`)
      expect(tally(await atOnce(5, (index) => signin(deps, right, from(index))))).toEqual({ ok: 5 })
    }
    expect(await deps.db.run((tx) => tx.select().from(sessions))).toHaveLength(20)
    expect((await currentSession(deps, first.token)).ok).toBe(false)
  })

  it('keeps a hundred known browsers of an account; the one that signed in longest ago goes, raced or not', async () => {
    await verified(deps, laptop)
    const from = (round: number) => (index: number) => browser(`b${round}-${index}`, `198.51.100.${index}`)
    const isKnown = ({ deviceHash }: Caller) => deps.db.run((tx) => isKnownDevice(tx, right.email, deviceHash))
    for (let round = 0; round < 20; round += 1) {
      expect(await isKnown(laptop)).toBe(true)
      deps.clock.advance(1)
      const caller = from(round)
      expect(tally(await atOnce(5, (index) => signin(deps, right, caller(index))))).toEqual({ ok: 5 })
    }
    expect(await deps.db.run((tx) => tx.select().from(devices))).toHaveLength(100)
    expect([await isKnown(laptop), await isKnown(from(0)(0)), await isKnown(from(19)(4))]).toEqual([false, true, true])
  })

  it('writes success and failure to the trail', async () => {
    await verified(deps, laptop)
    await signin(deps, wrong, stranger)
    await signin(deps, right, laptop)
    const rows = await deps.db.run((tx) => tx.select().from(events).where(eq(events.type, 'signin')))
    expect(rows.map(({ outcome, ip }) => [outcome, ip]).toSorted()).toEqual([
      ['invalid_credentials', '203.0.113.7'],
      ['ok', '192.0.2.1'],
    ])
  })
})

describe('limits of signin', () => {
  const tries = (count: number, input = wrong, from = (index: number) => browser('x', `198.51.100.${index}`)) =>
    atOnce(count, (index) => signin(deps, input, from(index)))

  it.each(['ann@example.com', 'nobody@example.com'])('five failures are free, then waits double: %s', async (email) => {
    await verified(deps, laptop)
    expect(tally(await tries(50, { ...wrong, email }))).toEqual({ invalid_credentials: 5, rate_limited: 45 })
    for (const seconds of [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]) {
      deps.clock.advance(seconds * 1000 - 1)
      const [early] = await tries(1, { ...wrong, email })
      expect(early).toMatchObject({ failure: { code: 'rate_limited', retryAfter: 1 } })
      deps.clock.advance(1)
      expect(tally(await tries(3, { ...wrong, email }))).toEqual({ invalid_credentials: 1, rate_limited: 2 })
    }
  })

  it('forgets failures with a success', async () => {
    await verified(deps, laptop)
    await tries(4)
    expect(codeOf(await signin(deps, right, stranger))).toBe('ok')
    expect(tally(await tries(5))).toEqual({ invalid_credentials: 5 })
  })

  it('cannot be used to keep the owner out of a known browser', async () => {
    await verified(deps, laptop)
    await tries(50)
    expect(codeOf(await signin(deps, right, stranger))).toBe('rate_limited')
    expect(codeOf(await signin(deps, right, laptop))).toBe('ok')
  })

  it('counts a known browser too, by itself', async () => {
    await verified(deps, laptop)
    const from = (index: number) => ({ ...laptop, ip: `198.51.100.${index}`, origin: { key: `${index}`, wide: null } })
    expect(tally(await tries(20, wrong, from))).toEqual({ invalid_credentials: 5, rate_limited: 15 })
    expect(codeOf(await signin(deps, right, stranger))).toBe('ok')
  })

  it('stops one origin at twenty failures in five minutes, and a hundred in an hour, whatever the addresses', async () => {
    const spray = (count: number, salt: string) =>
      atOnce(count, (index) => signin(deps, { ...wrong, email: `n${salt}${index}@example.com` }, stranger))
    expect(tally(await spray(30, 'a'))).toEqual({ invalid_credentials: 20, rate_limited: 10 })
    for (const salt of ['b', 'c', 'd', 'e']) {
      deps.clock.advance(5 * MINUTE)
      expect(tally(await spray(20, salt))).toEqual({ invalid_credentials: 20 })
    }
    deps.clock.advance(5 * MINUTE)
    expect(tally(await spray(3, 'f'))).toEqual({ rate_limited: 3 })
    deps.clock.advance(40 * MINUTE)
    expect(tally(await spray(3, 'g'))).toEqual({ invalid_credentials: 3 })
  })

  it('takes plus-tags and case for one address', async () => {
    const spellings = [
      'ann@example.com',
      'Ann@example.com',
      'ann+a@example.com',
      'ann+b@example.com',
      'ANN+c@example.com',
      'ann+d@example.com',
    ]
    const results = await atOnce(6, (index) =>
      signin(deps, { ...wrong, email: spellings[index] ?? '' }, browser('x', `198.51.100.${index}`)),
    )
    expect(tally(results)).toEqual({ invalid_credentials: 5, rate_limited: 1 })
  })

  it('gives an IPv6 /48 four times the budget of a /64', async () => {
    const from = (subnet: number) => ({
      ...stranger,
      origin: { key: `2001:db8:0:${subnet}::/64`, wide: '2001:db8::/48' },
    })
    const results = []
    for (let subnet = 0; subnet < 6; subnet += 1)
      results.push(
        ...(await atOnce(20, (index) =>
          signin(deps, { ...wrong, email: `s${subnet}n${index}@example.com` }, from(subnet)),
        )),
      )
    expect(tally(results)).toEqual({ invalid_credentials: 80, rate_limited: 40 })
  })
})
