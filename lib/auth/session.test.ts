import fc from 'fast-check'
import { expect, it } from 'vitest'
import { limitKey, maskEmail } from './email.ts'
import { isRemembered, renewedUntil, sessionLifetimes, sessionState } from './session.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const BEGAN = Date.UTC(2026, 5, 1, 12)

it.each([
  [false, 0, 'active'],
  [false, 5 * MINUTE - 1, 'active'],
  [false, 5 * MINUTE, 'renew'],
  [false, 12 * HOUR - 1, 'renew'],
  [false, 12 * HOUR, 'expired'],
  [true, 14 * DAY - 1, 'renew'],
  [true, 14 * DAY, 'expired'],
])('remembered %s, after %i ms of rest: %s', (remember, rest, state) => {
  const session = { createdAt: BEGAN, lastSeenAt: BEGAN, ...sessionLifetimes(BEGAN, remember) }
  expect(sessionState(session, BEGAN + rest)).toBe(state)
})

it.each([true, false])('tells afterwards whether it is to be kept: %s', (remember) => {
  expect(isRemembered(sessionLifetimes(BEGAN, remember))).toBe(remember)
})

it('is never renewed past its thirty days, nor shortened by use', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.integer({ min: 0, max: 40 * DAY }), (remember, now) => {
      const session = { createdAt: 0, lastSeenAt: 0, ...sessionLifetimes(0, remember) }
      expect(session.expiresAt).toBeLessThanOrEqual(session.absoluteExpiresAt)
      const until = renewedUntil(session, now)
      expect(until).toBeLessThanOrEqual(30 * DAY)
      if (now <= 30 * DAY - session.idleLifetime) expect(until).toBe(now + session.idleLifetime)
    }),
  )
})

it.each([
  ['began', { createdAt: 5 * MINUTE, lastSeenAt: 5 * MINUTE }, 'renew'],
  ['began', { createdAt: 5 * MINUTE + 1, lastSeenAt: 5 * MINUTE + 1 }, 'expired'],
  ['was used', { createdAt: 0, lastSeenAt: 5 * MINUTE - 1 }, 'active'],
  ['was used', { createdAt: 0, lastSeenAt: HOUR }, 'renew'],
])('that %s by a clock that ran ahead, %o: %s', (_, times, state) => {
  expect(sessionState({ ...sessionLifetimes(times.createdAt, true), ...times }, 0)).toBe(state)
})

it('ends at its absolute end even while it is used', () => {
  const session = { createdAt: 0, lastSeenAt: 30 * DAY - 1, ...sessionLifetimes(0, true), expiresAt: 31 * DAY }
  expect(sessionState(session, 30 * DAY)).toBe('expired')
})

it.each([
  ['Ann+news@Example.com', 'ann@example.com'],
  ['ann@example.com', 'ann@example.com'],
  ['a+b+c@example.com', 'a@example.com'],
])('budgets count %s as %s', (email, key) => {
  expect(limitKey(email)).toBe(key)
})

it('masks all but the first letter and the domain', () => {
  expect(maskEmail('ann.other@example.com')).toBe('a***@example.com')
  expect(maskEmail('a@example.com')).toBe('a***@example.com')
})
