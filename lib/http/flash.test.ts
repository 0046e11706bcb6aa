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

describe('what one answer leaves for the next page', () => {
  it('comes back as it was', () => {
    expect(decodeFlash(encodeFlash(flash))).toEqual(flash)
    expect(decodePending(encodePending(pending))).toEqual(pending)
  })

  it('counts as absent when it is not ours, and never throws', () => {
    expect(decodeFlash(undefined)).toBeNull()
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
    { errors: [{ field: 'email' }] },
    { errors: 'x' },
    { retryAfter: '1' },
    { message: 'x'.repeat(2000) },
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
