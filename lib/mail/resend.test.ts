import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { challengeLetter, SITE } from '../../test/mail/letters.ts'
import { apiError, type Mode, startResendServer } from '../../test/mail/resend-server.ts'
import { renderLetter } from './messages.tsx'
import { resendSender } from './resend.ts'
import type { Mail, MailSender } from './sender.ts'

let server: Awaited<ReturnType<typeof startResendServer>>
let sender: MailSender
let mail: Mail

beforeAll(async () => {
  server = await startResendServer()
  const from = 'Vestibule <no-reply@example.com>'
  sender = resendSender({ apiKey: 're_test_key', from, baseUrl: server.baseUrl, timeoutMs: 300 })
  const rendered = await renderLetter(challengeLetter('verify'), SITE, 'ann@example.net')
  mail = { id: 'bWFpbC1pZA-_', to: 'ann@example.net', ...rendered }
})
afterAll(() => server.close())
beforeEach(() => {
  server.requests.length = 0
  server.sent.clear()
  server.state.mode = 'ok'
})

describe('a mail that goes', () => {
  test('says to whom, from whom and what, under its own key', async () => {
    expect(await sender.send(mail)).toEqual({ ok: true })
    expect(server.requests).toHaveLength(1)
    const [{ path, authorization, idempotencyKey, email } = expect.unreachable()] = server.requests
    expect({ path, authorization, idempotencyKey }).toEqual({
      path: 'POST /emails',
      authorization: 'Bearer re_test_key',
      idempotencyKey: mail.id,
    })
    expect(email).toMatchObject({
      from: 'Vestibule <no-reply@example.com>',
      to: 'ann@example.net',
      subject: 'Confirm your email address for Vestibule',
      html: mail.html,
      text: mail.text,
    })
    expect(email.headers['Auto-Submitted']).toBe('auto-generated')
    expect(email.text.split('\n')).toContain('012345')
  })

  test('is one mail however often it is tried', async () => {
    server.state.mode = 'hang'
    expect(await sender.send(mail)).toMatchObject({ ok: false, retry: true })
    server.state.mode = 'ok'
    expect(await sender.send(mail)).toEqual({ ok: true })
    expect(await sender.send(mail)).toEqual({ ok: true })
    expect(new Set(server.requests.map(({ idempotencyKey }) => idempotencyKey))).toEqual(new Set([mail.id]))
    expect(server.sent.size).toBe(1)
  })
})

describe('a mail that does not', () => {
  const failures: [string, Mode, object][] = [
    ['too fast', apiError(429, 'rate_limit_exceeded', { 'retry-after': '7' }), { retry: true, retryAfter: 7 }],
    [
      'too fast, in fractions',
      apiError(429, 'rate_limit_exceeded', { 'retry-after': '0.4' }),
      { retry: true, retryAfter: 1 },
    ],
    ['too fast, no hint', apiError(429, 'daily_quota_exceeded'), { retry: true }],
    [
      'too fast, a date',
      apiError(429, 'rate_limit_exceeded', { 'retry-after': 'Mon, 23 Nov 2026 14:22:00 GMT' }),
      { retry: true },
    ],
    ['their fault', apiError(500, 'internal_server_error'), { retry: true }],
    ['their fault, without JSON', { status: 502, body: '<h1>Bad gateway</h1>' }, { retry: true }],
    ['their fault, in other JSON', { status: 503, body: { error: 'overloaded' } }, { retry: true }],
    ['an error that is null', { status: 500, body: null }, { retry: true }],
    ['a success without an id', { status: 200, body: {} }, { retry: true }],
    ['no key', apiError(401, 'missing_api_key'), { retry: true }],
    ['a wrong key', apiError(403, 'invalid_api_key'), { retry: true }],
    ['too slow', apiError(408, 'application_error'), { retry: true }],
    ['the same mail is under way', apiError(409, 'concurrent_idempotent_requests'), { retry: true }],
    ['the key belongs to another mail', apiError(409, 'invalid_idempotent_request'), { retry: false }],
    ['a bad address', apiError(422, 'validation_error'), { retry: false }],
    ['a bad request', apiError(400, 'validation_error'), { retry: false }],
    ['garbage', 'garbage', { retry: true }],
    ['no answer', 'hang', { retry: true }],
    ['half an answer', 'hang after the headers', { retry: true }],
    ['a closed connection', 'close', { retry: true }],
    ['a redirect', 'redirect', { retry: true }],
  ]
  test.each(failures)('%s', async (_name, mode, expected) => {
    server.state.mode = mode
    const { reason, ...rest } = { reason: '', ...(await sender.send(mail)) }
    expect(rest).toEqual({ ok: false, ...expected })
    expect(reason).not.toBe('')
    expect(reason).not.toMatch(/ann@|re_test_key|012345|#c=/u)
    // A redirect is not followed: the letter and the key are for Resend alone.
    expect(server.requests.map(({ path }) => path)).toEqual(['POST /emails'])
  })

  test('nobody listens', async () => {
    const gone = await startResendServer()
    await gone.close()
    const delivery = await resendSender({ apiKey: 're_x', from: 'a@example.com', baseUrl: gone.baseUrl }).send(mail)
    expect(delivery).toMatchObject({ ok: false, retry: true })
  })
})
