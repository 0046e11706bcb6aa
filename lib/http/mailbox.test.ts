import { describe, expect, it, vi } from 'vitest'
import { withRealMail } from '../../test/real-mail.ts'
import type { Caller } from '../auth/deps.ts'
import { ok } from '../auth/result.ts'
import * as served from './mailbox.ts'

const SITE = 'http://localhost:3000'
const message = {
  id: 'x',
  to: 'ann@example.com',
  subject: 'Hello',
  html: '<html><head lang="en"><title>x</title></head><p>Hi</p></html>',
  text: 'Hi',
  createdAt: 1_000,
}
const caller = {} as Caller
const request = (headers: Record<string, string> = {}, method = 'GET') =>
  new Request(`${SITE}/mailbox/messages/x`, { method, headers })
const ask = (find: Parameters<typeof served.mailDocument>[0], { mailDocument } = served) =>
  mailDocument(find)(request())

describe('one mail', () => {
  it('is a document that runs nothing, fetches nothing, and opens its links in the page', async () => {
    const find = vi.fn(async () => message)
    const response = await ask(find)
    expect(find).toHaveBeenCalledWith('x')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{22}$/u)
    const policy = response.headers.get('content-security-policy')?.split('; ')
    expect(policy).toEqual([
      "default-src 'none'",
      "style-src 'unsafe-inline'",
      'img-src data:',
      "base-uri 'self'",
      "frame-ancestors 'self'",
      'sandbox allow-popups allow-top-navigation-by-user-activation',
    ])
    expect(await response.text()).toBe(message.html.replace('<title>', '<base target="_top"><title>'))
  })

  it('that is gone is not found', async () => {
    const response = await ask(async () => null)
    expect([response.status, (await response.json()).code]).toEqual([404, 'not_found'])
  })

  it('is an outage while the database does not answer, not a mail that is gone', async () => {
    const away = Object.assign(new Error('gone'), { name: 'DatabaseUnavailable' })
    const response = await ask(() => Promise.reject(away))
    expect([response.status, (await response.json()).code]).toEqual([503, 'unavailable'])
  })
})

it('a list of mails has its times in words of ISO 8601', () => {
  expect(served.mailboxMessages([message])).toEqual([{ ...message, createdAt: '1970-01-01T00:00:01.000Z' }])
})

describe('the mailbox', () => {
  const handle = async () => ok({ served: true })
  const open = (given: Request, { whileMailboxServes } = served) => whileMailboxServes(handle)(caller, given)

  it('serves this site', async () => {
    expect(await open(request())).toEqual(ok({ served: true }))
    expect(await open(request({ 'sec-fetch-site': 'same-origin' }, 'DELETE'))).toEqual(ok({ served: true }))
  })

  it('is emptied by no other site, whoever may look', async () => {
    const elsewhere = { 'sec-fetch-site': 'cross-site' }
    expect(await open(request(elsewhere))).toEqual(ok({ served: true }))
    expect(await open(request(elsewhere, 'DELETE'))).toEqual({ ok: false, failure: { code: 'cross_origin' } })
  })

  describe('once mail goes somewhere real', () => {
    withRealMail()

    it('is not there, neither as a list nor as one mail', async () => {
      const fresh = await import('./mailbox.ts')
      expect(await open(request(), fresh)).toEqual({ ok: false, failure: { code: 'not_found' } })
      const find = vi.fn(async () => message)
      expect((await ask(find, fresh)).status).toBe(404)
      expect(find).not.toHaveBeenCalled()
    })
  })

  it('is not there on a site that others can reach, should its settings ever allow one', async () => {
    vi.resetModules()
    const real = await import('#lib/env')
    vi.doMock('#lib/env', () => ({ ...real, env: () => ({ ...real.env(), isLoopback: false }) }))
    const fresh = await import('./mailbox.ts')
    expect(await open(request(), fresh)).toEqual({ ok: false, failure: { code: 'not_found' } })
    vi.doUnmock('#lib/env')
    vi.resetModules()
  })
})
