import { describe, expect, it } from 'vitest'
import { hashToken } from '../auth/token.ts'
import { callOf, visitorOf } from './caller.ts'

const call = (headers: Record<string, string>) => callOf(new Request('http://localhost:3000/', { headers }))
const token = 'd'.repeat(43)
const CHROME_ANDROID =
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36'

describe('callOf', () => {
  it('knows a browser by its device cookie', () => {
    const { caller, cookies } = call({ cookie: `__Host-device=${token}; __Host-session=${'s'.repeat(43)}` })
    expect(caller.deviceHash).toBe(hashToken(token))
    expect(caller.sessionToken).toBe('s'.repeat(43))
    expect(cookies).toEqual([])
  })

  it('gives a browser without one its own, for a year', () => {
    const [one, two] = [call({}), call({ cookie: '__Host-device=too-short' })]
    expect(one.cookies[0]).toMatch(
      /^__Host-device=[\w-]{43}; Max-Age=31536000; Path=\/; HttpOnly; Secure; SameSite=Lax$/u,
    )
    expect(one.caller.deviceHash).not.toBe(two.caller.deviceHash)
  })

  it.each(['__Host-session=short', `session=${token}`, `__host-session=${token}`, `__Host-session="${token}"`])(
    'takes no session from %s',
    (cookie) => {
      expect(call({ cookie }).caller.sessionToken).toBeNull()
    },
  )

  it('reads browser and system in plain words', () => {
    expect(call({ 'user-agent': CHROME_ANDROID }).caller.askedFrom).toEqual({ browser: 'Chrome', system: 'Android' })
    expect(call({ 'user-agent': 'curl/8.0' }).caller.askedFrom.system).toBe('an unknown system')
    expect(call({}).caller.askedFrom).toEqual({ browser: 'an unknown browser', system: 'an unknown system' })
  })

  it('keeps no more of a user agent than 300 plain characters', () => {
    const { caller } = call({ 'user-agent': `<b>${'x'.repeat(1000)}` })
    expect(caller.userAgent).toHaveLength(300)
    expect(JSON.stringify(caller.askedFrom)).not.toContain('<')
    expect(call({ 'user-agent': 'Ä\u00a0x\u00ff/1.0 ' }).caller.userAgent).toBe('x/1.0')
    expect(call({}).caller.userAgent).toBe('')
  })

  it('names a browser it has never heard of in at most forty plain characters', () => {
    const named = (userAgent: string) => call({ 'user-agent': userAgent }).caller.askedFrom.browser
    expect(named('Br<o>w"ser-5_/1.0 x')).toBe('Browser-5')
    expect(named(`${'x'.repeat(60)}/1.0 x`)).toBe('x'.repeat(40))
    expect(named('<>/1.0 x')).toBe('an unknown browser')
  })

  it('numbers every request anew', () => {
    expect(call({ 'x-request-id': 'mine' }).caller.requestId).toMatch(/^[\w-]{22}$/u)
    expect(call({}).caller.requestId).not.toBe(call({}).caller.requestId)
  })
})

it('a visitor who only asks is known by the session and the address alone', () => {
  const cookie = `__Host-device=${token}; __Host-session=${'s'.repeat(43)}`
  const request = new Request('http://localhost:3000/', { headers: { cookie, 'x-forwarded-for': '192.0.2.7' } })
  expect(visitorOf(request)).toEqual({
    requestId: expect.stringMatching(/^[\w-]{22}$/u),
    ip: '192.0.2.7',
    sessionToken: 's'.repeat(43),
  })
  expect(visitorOf(new Request('http://localhost:3000/'))).toMatchObject({ ip: '', sessionToken: null })
})

it('reads what a browser calls itself once, however often it is asked', () => {
  const { caller } = callOf(new Request('http://localhost/', { headers: { 'user-agent': 'Test/1.0' } }))
  expect(caller.askedFrom).toBe(caller.askedFrom)
})
