import { describe, expect, it } from 'vitest'
import { sessionRow, userRow } from '../../test/rows.ts'
import type { IssuedChallenge } from '../auth/issue-challenge.ts'
import type { SignedIn } from '../auth/start-session.ts'
import { endPendingCookie, endSessionCookie, sessionCookie } from './cookies.ts'
import {
  challengeSent,
  done,
  failed,
  previewed,
  sessionBody,
  sessionsBody,
  sessionsEnded,
  signedIn,
  signedOut,
} from './replies.ts'

const issued: IssuedChallenge = {
  purpose: 'verify',
  challengeId: 'the-challenge',
  email: 'ann@example.com',
  sentAt: 0,
  expiresAt: 600_000,
  resendAt: 60_000,
}
const user = userRow('ann', { verifiedAt: 1_000 }) as SignedIn['user']
const session = sessionRow('s', 'ann', { createdAt: 2_000, absoluteExpiresAt: 5_900 }) as SignedIn['session']
const publicUser = { id: 'ann', email: 'Ann@example.com', verifiedAt: '1970-01-01T00:00:01.000Z' }

it('a failure is passed on', () => {
  expect(failed({ code: 'not_signed_in' })).toEqual({ ok: false, failure: { code: 'not_signed_in' } })
})

describe('a challenge that was sent', () => {
  const body = { message: 'Sent.', challengeId: 'the-challenge', expiresAt: '1970-01-01T00:10:00.000Z' }

  it('says when the next may be asked for', () => {
    expect(challengeSent(issued, { message: 'Sent.', screen: '/verify' })).toEqual({
      ok: true,
      status: 202,
      body: { ...body, resendAt: '1970-01-01T00:01:00.000Z' },
      screen: '/verify',
      pending: issued,
    })
  })

  it('says so not where that was not asked for, and gives its screen a notice', () => {
    const reply = challengeSent(issued, { message: 'Sent.', screen: '/verify', notice: 'code_sent' }, false)
    expect(reply).toEqual({ ok: true, status: 202, body, screen: '/verify', notice: 'code_sent', pending: issued })
  })
})

describe('a session that began', () => {
  const reply = (remember: boolean) => signedIn({ user, session, token: 'the-token', remember }, 'Welcome.')

  it('is a cookie that ends with the browser, and goes where its visitor was going', () => {
    expect(reply(false)).toEqual({
      ok: true,
      status: 200,
      body: { message: 'Welcome.', user: publicUser },
      screen: '/account',
      next: true,
      cookies: [sessionCookie('the-token'), endPendingCookie()],
    })
  })

  it('goes elsewhere with a word, where it took the place of another', () => {
    const to = { screen: '/account', notice: 'password_changed' }
    const replaced = signedIn({ user, session, token: 'the-token', remember: false }, 'Changed.', to)
    expect(replaced).toEqual({
      ...reply(false),
      body: { message: 'Changed.', user: publicUser },
      next: undefined,
      ...to,
    })
    expect(replaced).not.toHaveProperty('next')
  })

  it('is a cookie that lives as long as the session can, in whole seconds', () => {
    expect(reply(true)).toMatchObject({ cookies: [sessionCookie('the-token', 3), endPendingCookie()] })
  })
})

it('what is done gives its screen a notice and ends the challenge', () => {
  expect(done('Changed.', { screen: '/signin', notice: 'password_changed' })).toEqual({
    ok: true,
    status: 200,
    body: { message: 'Changed.' },
    screen: '/signin',
    notice: 'password_changed',
    cookies: [endPendingCookie()],
  })
})

it('a session that ended takes its cookie with it', () => {
  expect(signedOut('Bye.')).toEqual({
    ok: true,
    status: 200,
    body: { message: 'Bye.' },
    screen: '/signin',
    notice: 'signed_out',
    cookies: [endSessionCookie()],
  })
})

it('a preview is told with its time', () => {
  const askedFrom = { browser: 'Firefox', system: 'Linux' }
  const preview = { purpose: 'verify', email: 'a***@example.com', device: 'this', askedAt: 1_000, askedFrom } as const
  expect(previewed(preview)).toEqual({
    ok: true,
    status: 200,
    body: { message: 'This link is good.', ...preview, askedAt: '1970-01-01T00:00:01.000Z' },
    screen: '/magic-link',
  })
})

it('a session is told without what is secret', () => {
  expect(sessionBody({ user: { ...user, verifiedAt: null }, session })).toEqual({
    ok: true,
    value: {
      user: { ...publicUser, verifiedAt: null },
      session: {
        id: 's',
        createdAt: '1970-01-01T00:00:02.000Z',
        lastSeenAt: '1970-01-01T00:00:00.000Z',
        expiresAt: '1970-01-01T00:00:00.100Z',
      },
    },
  })
})

it.each([
  [0, 'What you chose was already signed out. You stay signed in here.'],
  [1, '1 session is signed out. You stay signed in here.'],
  [20, '20 sessions are signed out. You stay signed in here.'],
])('sessions that ended elsewhere are counted, and this one stays: %i', (ended, message) => {
  expect(sessionsEnded(ended)).toEqual({
    ok: true,
    status: 200,
    body: { message, ended },
    screen: '/account/sessions',
    notice: 'sessions_ended',
  })
})

it('a listed session is told with browser and system in words', () => {
  const userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
  const listed = { ...session, userAgent, ip: '192.0.2.1', remembered: true, current: false }
  expect(sessionsBody({ user, sessions: [listed] })).toEqual({
    ok: true,
    value: {
      sessions: [
        {
          id: 's',
          createdAt: '1970-01-01T00:00:02.000Z',
          lastSeenAt: '1970-01-01T00:00:00.000Z',
          expiresAt: '1970-01-01T00:00:00.100Z',
          browser: 'Firefox',
          system: 'Linux',
          ip: '192.0.2.1',
          remembered: true,
          current: false,
        },
      ],
    },
  })
})
