import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeFlash, decodePending, encodeFlash, encodePending, type Flash, type Pending } from './flash.ts'

const flash: Flash = {
  screen: '/signin',
  kind: 'failure',
  code: 'invalid_credentials',
  message: 'Wrong.',
  email: 'ä@example.com',
}
const pending: Pending = {
  purpose: 'verify',
  challengeId: 'x',
  email: 'a@example.com',
  sentAt: 1,
  resendAt: 2,
  next: '/account',
}

const error = { field: 'email', code: 'custom', message: 'Mend it.' }

describe('what one answer leaves for the next page', () => {
  it('comes back as it was', () => {
    expect(decodeFlash(encodeFlash(flash))).toEqual(flash)
    expect(decodePending(encodePending(pending))).toEqual(pending)
    const long = { ...flash, errors: [error, error], message: 'x'.repeat(1024) }
    expect(decodeFlash(encodeFlash(long))).toEqual(long)
    for (const purpose of ['sign-in', 'reset'] as const)
      expect(decodePending(encodePending({ ...pending, purpose }))).toEqual({ ...pending, purpose })
  })

  it('counts as absent when it is not ours, and never throws', () => {
    expect(decodeFlash(undefined)).toBeNull()
    for (const value of [null, 1, 'text', [], [flash]])
      expect(decodeFlash(Buffer.from(JSON.stringify(value)).toString('base64url'))).toBeNull()
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => Buffer.from(json).toString('base64url')),
        ),
        (cookie) => {
          expect(decodeFlash(cookie)).toBeNull()
          expect(decodePending(cookie)).toBeNull()
        },
      ),
    )
  })

  it.each([
    { kind: 'other' },
    { screen: 1 },
    { email: {} },
    { errors: [error, null] },
    { errors: [{ ...error, field: 1 }, error] },
    { errors: [{ ...error, code: 1 }] },
    { errors: [{ ...error, message: 1 }] },
    { errors: 'x' },
    { retryAfter: '1' },
    { message: 'x'.repeat(1025) },
  ])('is checked field by field: %o', (change) => {
    expect(decodeFlash(encodeFlash({ ...flash, ...change } as Flash))).toBeNull()
  })

  it.each([{ purpose: 'other' }, { challengeId: 1 }, { sentAt: 'x' }, { resendAt: null }, { next: 1 }])(
    'is checked field by field too: %o',
    (change) => {
      expect(decodePending(encodePending({ ...pending, ...change } as unknown as Pending))).toBeNull()
    },
  )
})
