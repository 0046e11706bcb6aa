import { describe, expect, it } from 'vitest'
import type { Failure } from '../auth/result.ts'
import { formAnswer, jsonAnswer, type Visit } from './answer.ts'
import type { Call } from './caller.ts'
import { pendingCookie } from './cookies.ts'
import { decodeFlash } from './flash.ts'
import type { Reply } from './replies.ts'

const open = {
  purpose: 'verify',
  challengeId: 'the-challenge',
  email: 'Ann@example.com',
  sentAt: 1,
  resendAt: 2,
} as const
const caller = { requestId: 'the-request' } as Call['caller']
const visit = (changes: Partial<Visit> = {}): Visit => ({
  call: { caller, cookies: ['device=new'], pending: undefined },
  screen: '/signin',
  next: null,
  ...changes,
})
const success = (changes: Partial<Extract<Reply, { ok: true }>> = {}): Reply => ({
  ok: true,
  status: 202,
  body: { message: 'Sent.' },
  screen: '/verify',
  ...changes,
})
const failure = (failed: Failure): Reply => ({ ok: false, failure: failed })
const refused = failure({ code: 'invalid_credentials' })

/** What a form leaves for the next screen. */
function flashIn(response: Response) {
  const cookie = response.headers.getSetCookie().find((set) => set.startsWith('__Host-flash='))
  return decodeFlash(cookie?.slice('__Host-flash='.length, cookie.indexOf(';')))
}

describe('JSON', () => {
  it('is the body of a reply under the id of its request', async () => {
    const response = jsonAnswer(success({ cookies: ['session=new'] }), visit())
    expect([response.status, await response.json()]).toEqual([202, { message: 'Sent.' }])
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('x-request-id')).toBe('the-request')
    expect(response.headers.getSetCookie()).toEqual(['device=new', 'session=new'])
  })

  it('is the problem of a failure', async () => {
    const response = jsonAnswer(refused, visit())
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ code: 'invalid_credentials', requestId: 'the-request' })
    expect(response.headers.getSetCookie()).toEqual(['device=new'])
  })

  it('carries the challenge the next screen is about, with where its visitor was going', () => {
    const issued = { ...open, expiresAt: 3 }
    for (const reply of [success({ pending: issued }), failure({ code: 'email_unverified', challenge: open })]) {
      expect(jsonAnswer(reply, visit()).headers.getSetCookie()).toEqual(['device=new', pendingCookie(open)])
      const going = jsonAnswer(reply, visit({ next: '/notes' })).headers.getSetCookie()
      expect(going).toEqual(['device=new', pendingCookie({ ...open, next: '/notes' })])
    }
  })

  it('gives another site no cookie, for it would replace the one the visitor has', () => {
    expect(jsonAnswer(failure({ code: 'cross_origin' }), visit()).headers.getSetCookie()).toEqual([])
    expect(jsonAnswer(success(), visit()).headers.getSetCookie()).toEqual(['device=new'])
  })
})

describe('a form goes', () => {
  const to = (reply: Reply, changes: Partial<Visit> = {}) => {
    const response = formAnswer(reply, visit(changes))
    expect([response.status, response.body]).toEqual([303, null])
    expect(response.headers.get('x-request-id')).toBe('the-request')
    const flashes = response.headers.getSetCookie().filter((cookie) => !cookie.startsWith('device='))
    expect(flashes.every((cookie) => cookie.startsWith('__Host-flash='))).toBe(true)
    return response.headers.get('location')
  }

  it('to the screen of a reply', () => {
    expect(to(success())).toBe('/verify')
    expect(to(success(), { next: '/notes' })).toBe('/verify')
  })

  it('where its visitor was going, when the reply lets it and that is known', () => {
    expect(to(success({ next: true }))).toBe('/verify')
    expect(to(success({ next: true }), { next: '/notes?a=1' })).toBe('/notes?a=1')
  })

  it('back to its own screen when it fails, and does not forget where its visitor was going', () => {
    expect(to(refused)).toBe('/signin')
    expect(to(refused, { next: '/notes?a=1' })).toBe('/signin?next=%2Fnotes%3Fa%3D1')
  })

  it('on to the code when that is all that is missing', () => {
    expect(to(failure({ code: 'email_unverified', challenge: null }), { next: '/notes' })).toBe('/verify')
  })
})

describe('a flash', () => {
  it('is the notice of a reply, for the screen it goes to', () => {
    const reply = success({ next: true, notice: 'code_sent' })
    const notice = { kind: 'notice', code: 'code_sent', message: 'Sent.' }
    expect(flashIn(formAnswer(reply, visit()))).toEqual({ screen: '/verify', ...notice })
    expect(flashIn(formAnswer(reply, visit({ next: '/notes?a=1#b' })))).toEqual({ screen: '/notes', ...notice })
    expect(flashIn(formAnswer(success(), visit()))).toBeNull()
  })

  it('says what failed, and what was typed', () => {
    expect(flashIn(formAnswer(refused, visit({ next: '/notes', email: 'ann@example.com' })))).toEqual({
      screen: '/signin',
      kind: 'failure',
      code: 'invalid_credentials',
      message: 'Email or password is wrong.',
      email: 'ann@example.com',
    })
    expect(flashIn(formAnswer(failure({ code: 'rate_limited', retryAfter: 30 }), visit()))).toEqual({
      screen: '/signin',
      kind: 'failure',
      code: 'rate_limited',
      message: 'That was too often. Try again in 30 seconds.',
      retryAfter: 30,
    })
  })

  it('keeps no more of an address than a browser would, and none of its control characters', () => {
    const typed = `\u0000a \u0007b\u200b@example.com${'x'.repeat(400)}`
    const { email } = flashIn(formAnswer(refused, visit({ email: typed }))) ?? {}
    expect(email).toBe(`a b@example.com${'x'.repeat(400)}`.slice(0, 320))
  })

  it('names the first five fields, by their plain letters', () => {
    const errors = Array.from({ length: 7 }, (_, index) => ({
      field: `ü<na"me>.${index}${'x'.repeat(60)}`,
      code: 'custom',
      message: 'Mend it.',
    }))
    const flash = flashIn(formAnswer(failure({ code: 'invalid_input', errors }), visit()))
    const field = (index: number) => `name.${index}${'x'.repeat(60)}`.slice(0, 40)
    expect(flash?.errors).toEqual([0, 1, 2, 3, 4].map((index) => ({ ...errors[index], field: field(index) })))
    expect(flash?.message).toBe('Mend it.')
  })
})
