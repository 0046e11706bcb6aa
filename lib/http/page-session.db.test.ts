import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { log } from '#lib/log'
import { browser, NOON, type TestDeps } from '../../test/deps.ts'
import { testApp } from '../../test/http.ts'
import { must, PASSWORD, verified } from '../../test/journey.ts'
import { withRealMail } from '../../test/real-mail.ts'
import { SESSION_ABSOLUTE, SESSION_IDLE, SESSION_IDLE_REMEMBERED } from '../auth/policy.ts'
import { signin } from '../auth/signin.ts'
import { mailboxSender } from '../mail/mailbox.ts'
import { encodeFlash, encodePending, type Flash, type Pending } from './flash.ts'
import {
  noticeOfEnded,
  ownPageSession,
  ownPageSessions,
  pageFlash,
  pageMailbox,
  pagePending,
  pageSession,
  pageSite,
} from './page-session.ts'

// What Next gives a page of its request, outside of Next.
const sent = vi.hoisted(() => new Map<string, string>())
const address = vi.hoisted(() => ({ seen: '' }))
vi.mock('next/headers', () => ({
  headers: async () => {
    const cookie = [...sent].map(([name, value]) => `${name}=${value}`).join('; ')
    return new Headers({ cookie, ...(address.seen && { 'x-forwarded-for': address.seen }) })
  },
  cookies: async () => ({ get: (name: string) => (sent.has(name) ? { value: sent.get(name) } : undefined) }),
}))

const laptop = browser('laptop')
let deps: TestDeps
beforeEach(async () => {
  deps = await testApp()
  sent.clear()
  address.seen = '192.0.2.7'
})
afterEach(() => deps.db.close())

const iso = (time: number) => new Date(time).toISOString()

describe('pageSession', () => {
  it('is nobody without a session, and with one that is not ours', async () => {
    expect(await pageSession()).toBeNull()
    sent.set('__Host-session', 'x'.repeat(43))
    expect(await pageSession()).toBeNull()
  })

  it('is whose session the cookie holds, and what of it its owner may see', async () => {
    const { user, session, token } = await verified(deps, laptop)
    sent.set('__Host-session', token)
    expect(await pageSession()).toEqual({
      user: { id: user.id, email: 'ann@example.com', verifiedAt: iso(NOON) },
      session: {
        id: session.id,
        createdAt: iso(NOON),
        lastSeenAt: iso(NOON),
        expiresAt: iso(NOON + SESSION_IDLE),
        remembered: false,
      },
    })
  })

  it('says whether the session outlives the browser', async () => {
    await verified(deps, laptop)
    const { token } = must(await signin(deps, { email: 'ann@example.com', password: PASSWORD, remember: true }, laptop))
    sent.set('__Host-session', token)
    const page = await pageSession()
    expect(page?.session).toMatchObject({ remembered: true, expiresAt: iso(NOON + SESSION_IDLE_REMEMBERED) })
    deps.clock.advance(SESSION_ABSOLUTE)
    expect(await pageSession()).toBeNull()
  })
})

describe('ownPageSession', () => {
  it('is the session of whoever has one', async () => {
    const { user, token } = await verified(deps, laptop)
    sent.set('__Host-session', token)
    expect((await ownPageSession('/account')).user.id).toBe(user.id)
  })

  it('sends everybody else to sign in and back, and leaves a line', async () => {
    const told = vi.spyOn(log, 'info')
    await expect(ownPageSession('/account')).rejects.toMatchObject({
      digest: expect.stringContaining('/signin?next=/account'),
    })
    const refused = { path: '/account', ip: '192.0.2.7', failure: 'not_signed_in' }
    expect(told.mock.calls).toEqual([[refused, 'request refused']])
    address.seen = ''
    await expect(ownPageSession('/account')).rejects.toThrow()
    expect(told).toHaveBeenLastCalledWith({ ...refused, ip: '' }, 'request refused')
  })
})

describe('ownPageSessions', () => {
  it('is every session of whoever has one, as its owner may see it, the one that asks among them', async () => {
    const { token } = await verified(deps, laptop)
    deps.clock.advance(1)
    const phone = browser('phone', '192.0.2.8')
    const other = must(await signin(deps, { email: 'ann@example.com', password: PASSWORD, remember: true }, phone))
    sent.set('__Host-session', token)
    const { email, sessions } = await ownPageSessions('/account/sessions')
    expect([email, sessions.map(({ current }) => current)]).toEqual(['ann@example.com', [false, true]])
    const began = iso(NOON + 1)
    expect(sessions[0]).toEqual({
      id: other.session.id,
      createdAt: began,
      lastSeenAt: began,
      expiresAt: iso(NOON + 1 + SESSION_IDLE_REMEMBERED),
      browser: 'an unknown browser',
      system: 'an unknown system',
      ip: '192.0.2.8',
      remembered: true,
      current: false,
    })
  })

  it('sends everybody else to sign in and back, and leaves a line', async () => {
    const told = vi.spyOn(log, 'info')
    await expect(ownPageSessions('/account/sessions')).rejects.toMatchObject({
      digest: expect.stringContaining('/signin?next=/account/sessions'),
    })
    const refused = { path: '/account/sessions', ip: '192.0.2.7', failure: 'not_signed_in' }
    expect(told.mock.calls).toEqual([[refused, 'request refused']])
  })
})

describe('noticeOfEnded', () => {
  it.each([
    ['0', 'What you chose was already signed out. You stay signed in here.'],
    ['1', '1 session is signed out. You stay signed in here.'],
    ['20', '20 sessions are signed out. You stay signed in here.'],
  ])('says how many, by the number in the address: %s', (ended, message) => {
    expect(noticeOfEnded(ended)).toEqual({ kind: 'notice', message })
  })

  it.each([undefined, '', '-1', '1e1', '100', ' 1', '<b>'])('says nothing of what is no such number: %s', (ended) => {
    expect(noticeOfEnded(ended)).toBeNull()
  })
})

describe('what the last answer left', () => {
  const flash: Flash = { screen: '/signin', kind: 'notice', code: 'signed_out', message: 'Signed out.' }
  const pending: Pending = { purpose: 'verify', challengeId: 'c', email: 'a@b', sentAt: 1, resendAt: 2, next: '/notes' }

  it('is nothing where there is none', async () => {
    expect([await pageFlash('/signin'), await pagePending()]).toEqual([null, null])
  })

  it('is read by the screen it is for', async () => {
    sent.set('__Host-flash', encodeFlash(flash))
    sent.set('__Host-pending', encodePending(pending))
    expect(await pageFlash('/signin')).toEqual(flash)
    expect(await pageFlash('/signup')).toBeNull()
    expect(await pagePending()).toEqual(pending)
  })
})

it('the mailbox shows what was sent, all of it or to one address', async () => {
  const sender = mailboxSender(deps.db, deps.now)
  for (const to of ['ann@example.com', 'bob@example.com'])
    await sender.send({ id: to, to, subject: 'Hello', html: '<p>Hi</p>', text: 'Hi' })
  expect((await pageMailbox())?.map(({ to }) => to)).toEqual(['bob@example.com', 'ann@example.com'])
  expect((await pageMailbox('ann@example.com'))?.map(({ to }) => to)).toEqual(['ann@example.com'])
})

it('the site has its name, its shortest password and, on this machine, a mailbox', () => {
  expect(pageSite()).toEqual({ siteName: 'Vestibule', passwordMinLength: 8, hasMailbox: true })
})

describe('once mail goes somewhere real', () => {
  withRealMail()

  it('pages know of no mailbox', async () => {
    const fresh = await import('./page-session.ts')
    expect(await fresh.pageMailbox()).toBeNull()
    expect(fresh.pageSite().hasMailbox).toBe(false)
  })
})
