import { describe, expect, it } from 'vitest'
import {
  deviceCookie,
  endPendingCookie,
  endSessionCookie,
  flashCookie,
  pendingCookie,
  readCookies,
  sessionCookie,
} from './cookies.ts'
import { encodeFlash, encodePending, type Flash, type Pending } from './flash.ts'

const TOKEN = `${'aZ09_-'.repeat(7)}x`
const HOST_ONLY = 'Path=/; HttpOnly; Secure; SameSite=Lax'

describe('what is set', () => {
  const flash: Flash = { screen: '/signin', kind: 'notice', code: 'signed_out', message: 'Signed out.' }
  const pending: Pending = { purpose: 'verify', challengeId: 'c', email: 'a@example.com', sentAt: 1, resendAt: 2 }

  it.each([
    ['a session that ends with the browser', sessionCookie(TOKEN), `__Host-session=${TOKEN}; ${HOST_ONLY}`],
    ['a session that outlives it', sessionCookie(TOKEN, 60), `__Host-session=${TOKEN}; Max-Age=60; ${HOST_ONLY}`],
    ['the end of a session', endSessionCookie(), `__Host-session=; Max-Age=0; ${HOST_ONLY}`],
    ['a device, for a year', deviceCookie(TOKEN), `__Host-device=${TOKEN}; Max-Age=31536000; ${HOST_ONLY}`],
    ['a flash, for a minute', flashCookie(flash), `__Host-flash=${encodeFlash(flash)}; Max-Age=60; ${HOST_ONLY}`],
    [
      'a sign-up that waits, for a day',
      pendingCookie(pending),
      `__Host-pending=${encodePending(pending)}; Max-Age=86400; ${HOST_ONLY}`,
    ],
    [
      'any other challenge, for an hour',
      pendingCookie({ ...pending, purpose: 'reset' }),
      `__Host-pending=${encodePending({ ...pending, purpose: 'reset' })}; Max-Age=3600; ${HOST_ONLY}`,
    ],
    ['the end of a challenge', endPendingCookie(), `__Host-pending=; Max-Age=0; ${HOST_ONLY}`],
  ])('%s', (_, cookie, expected) => {
    expect(cookie).toBe(expected)
  })
})

describe('what is read', () => {
  it('is each cookie by its name', () => {
    const [session, device] = ['s'.repeat(43), TOKEN]
    const header = `other=1; __Host-session=${session}; __Host-device=${device}; __Host-pending=p`
    expect(readCookies(header)).toEqual({ session, device, pending: 'p' })
  })

  it.each([null, '', 'session=x'])('is nothing in %s', (header) => {
    expect(readCookies(header)).toEqual({ session: null, device: null, pending: undefined })
  })

  it.each([`${TOKEN}x`, TOKEN.slice(1), `${TOKEN.slice(1)}.`, ''])('is no token in "%s"', (value) => {
    const { session, device } = readCookies(`__Host-session=${value}; __Host-device=${value}`)
    expect([session, device]).toEqual([null, null])
  })
})
