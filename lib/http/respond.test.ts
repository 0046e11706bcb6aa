import { describe, expect, it } from 'vitest'
import type { Failure, PasswordRefusal } from '../auth/result.ts'
import { apiHeaders, jsonResponse, problemResponse } from './respond.ts'

describe('problems', () => {
  it('are RFC 9457 documents', async () => {
    const response = problemResponse({ code: 'rate_limited', retryAfter: 30 }, 'the-request', apiHeaders('the-request'))
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('retry-after')).toBe('30')
    expect(await response.json()).toEqual({
      type: 'urn:vestibule:problem:rate_limited',
      title: 'Too many requests',
      status: 429,
      code: 'rate_limited',
      detail: 'That was too often. Try again in 30 seconds.',
      requestId: 'the-request',
      retryAfter: 30,
    })
  })

  it.each(['rate_limited', 'busy', 'unavailable'] as const)('say when to come back: %s', async (code) => {
    const response = problemResponse({ code, retryAfter: 7 }, 'r', apiHeaders('r'))
    expect(response.headers.get('retry-after')).toBe('7')
    expect((await response.json()).retryAfter).toBe(7)
  })

  it('say no more than they have to', async () => {
    const response = problemResponse({ code: 'not_found' }, 'r', apiHeaders('r'))
    expect(response.headers.has('retry-after')).toBe(false)
    expect(response.headers.has('allow')).toBe(false)
    expect(Object.keys(await response.json())).toEqual(['type', 'title', 'status', 'code', 'detail', 'requestId'])
  })
})

describe('what a failure knows besides', () => {
  const body = async (failure: Failure) => (await problemResponse(failure, 'r', apiHeaders('r'))).json()

  it('input: the first mistake is the detail, all of them are listed', async () => {
    const errors = [
      { field: 'email', code: 'custom', message: 'Mend this.' },
      { field: 'password', code: 'custom', message: 'And this.' },
    ]
    expect(await body({ code: 'invalid_input', errors })).toMatchObject({ detail: 'Mend this.', errors })
    expect((await body({ code: 'invalid_input', errors: [] })).detail).toBe('Something in the form is not right.')
  })

  it('method: those that are allowed', async () => {
    const response = problemResponse({ code: 'method_not_allowed', allow: 'GET, DELETE' }, 'r', apiHeaders('r'))
    expect(response.headers.get('allow')).toBe('GET, DELETE')
    expect((await response.json()).detail).toBe('Use GET, DELETE here.')
  })

  it('password: why it was refused, on its field', async () => {
    const refused = (reason: PasswordRefusal) => body({ code: 'password_refused', reason, minLength: 9 })
    const details = {
      too_short: 'Use at least 9 characters. A few unrelated words make a good password.',
      too_common: expect.stringContaining('Too many people use this password'),
      contains_email: expect.stringContaining('Your email address'),
      contains_site_name: expect.stringContaining('The name of this site'),
    }
    for (const reason of Object.keys(details) as PasswordRefusal[]) {
      const { detail, errors } = await refused(reason)
      expect(detail).toEqual(details[reason])
      expect(errors).toEqual([{ field: 'password', code: reason, message: detail }])
    }
  })

  it('password at a challenge: whether it is missing or wrong, on its field', async () => {
    const [missing, wrong] = [false, true].map((wrong) => body({ code: 'password_required', wrong }))
    const { detail } = await (missing as Promise<{ detail: string }>)
    expect(await missing).toMatchObject({ errors: [{ field: 'password', code: 'required', message: detail }] })
    const notIt = 'This is not the password that was chosen at sign-up.'
    expect(await wrong).toMatchObject({
      detail: notIt,
      errors: [{ field: 'password', code: 'wrong_password', message: notIt }],
    })
    expect(detail).toMatch(/^Confirm with the password/u)
  })

  it('password before a change of it: wrong, on the field where it was typed', async () => {
    const notIt = 'This is not your current password.'
    expect(await body({ code: 'password_required', wrong: true, field: 'currentPassword' })).toMatchObject({
      detail: notIt,
      errors: [{ field: 'currentPassword', code: 'wrong_password', message: notIt }],
    })
  })

  it('sign-up that waits: its challenge, when this browser can answer one', async () => {
    const challenge = { purpose: 'verify', challengeId: 'c', email: 'a@b', sentAt: 1, resendAt: 2 } as const
    const known = await body({ code: 'email_unverified', challenge })
    expect(known.challengeId).toBe('c')
    expect(known.detail).toMatch(/type the code/u)
    const unknown = await body({ code: 'email_unverified', challenge: null })
    expect(unknown).not.toHaveProperty('challengeId')
    expect(unknown.detail).toMatch(/follow its link/u)
  })
})

describe('every answer', () => {
  it('is kept by nobody, framed by nobody, and believed to be no page', () => {
    expect(Object.fromEntries(apiHeaders('the-request', ['a=1', 'b=2']))).toEqual({
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'set-cookie': 'b=2',
      'x-content-type-options': 'nosniff',
      'x-request-id': 'the-request',
    })
    expect(new Headers(apiHeaders('r', ['a=1', 'b=2'])).getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(new Headers(apiHeaders('r')).getSetCookie()).toEqual([])
  })

  it('is JSON, and a problem says that it is one', async () => {
    const plain = jsonResponse(200, { a: 1 }, [])
    expect([plain.status, plain.headers.get('content-type'), await plain.text()]).toEqual([
      200,
      'application/json',
      '{"a":1}',
    ])
    const problem = problemResponse({ code: 'not_found' }, 'r', [])
    expect(problem.headers.get('content-type')).toBe('application/problem+json')
  })
})
