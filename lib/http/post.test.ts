import { afterEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod/mini'
import { log } from '#lib/log'
import type { Caller } from '../auth/deps.ts'
import { encodePending, type Pending } from './flash.ts'
import { post } from './post.ts'
import type { Reply } from './replies.ts'

const SITE = 'http://localhost:3000'
const schema = z.strictObject({
  email: z.string().check(z.minLength(3, 'Too short.'), z.includes('@', 'No @.')),
  inner: z.optional(z.object({ deep: z.number('No number.') })),
})
const told: Reply = { ok: true, status: 200, body: { message: 'Done.' }, screen: '/done', next: true }
const away = () => Promise.reject(Object.assign(new Error('canary'), { name: 'DatabaseUnavailable' }))
const broken = () => Promise.reject(new Error('canary'))
afterEach(() => vi.restoreAllMocks())

interface Sent {
  body?: object
  form?: Record<string, string>
  path?: string
  headers?: Record<string, string>
  handle?: (input: unknown, caller: Caller) => Promise<Reply>
}

function send({ body, form, path = '/auth/x', headers = {}, handle = async () => told }: Sent): Promise<Response> {
  const type = form ? 'application/x-www-form-urlencoded' : 'application/json'
  const text = form ? new URLSearchParams(form).toString() : JSON.stringify(body ?? { email: 'ann@example.com' })
  const init = { method: 'POST', body: text, headers: { 'content-type': type, ...headers } }
  return post(schema, '/x', handle)(new Request(SITE + path, init))
}
const errorsOf = async (body: object) => (await (await send({ body })).json()).errors

describe('post', () => {
  it('hands over what was sent and who sent it, and answers as it was asked', async () => {
    const handle = vi.fn(async () => told)
    const asked = await send({ handle, headers: { 'x-forwarded-for': '192.0.2.7' } })
    expect(handle).toHaveBeenCalledWith({ email: 'ann@example.com' }, expect.objectContaining({ ip: '192.0.2.7' }))
    expect([asked.status, await asked.json()]).toEqual([200, { message: 'Done.' }])
    const posted = await send({ form: { email: 'ann@example.com' } })
    expect([posted.status, posted.headers.get('location')]).toEqual([303, '/done'])
  })

  it.each([
    [{ headers: { 'sec-fetch-site': 'cross-site' } }, 403, 'cross_origin'],
    [{ headers: { origin: 'https://evil.example' } }, 403, 'cross_origin'],
    [{ headers: { 'content-type': 'text/plain' } }, 415, 'unsupported_media_type'],
    [{ body: { filler: 'x'.repeat(20_000) } }, 413, 'payload_too_large'],
    [{ body: [] }, 422, 'invalid_input'],
  ])('refuses before it looks further: %o', async (sent, status, code) => {
    const handle = vi.fn(async () => told)
    const response = await send({ ...sent, handle })
    expect([response.status, (await response.json()).code]).toEqual([status, code])
    expect(handle).not.toHaveBeenCalled()
  })

  it('writes down what was refused and to whom, and never what was sent', async () => {
    const warn = vi.spyOn(log, 'warn')
    const headers = { 'x-forwarded-for': '192.0.2.7' }
    const { headers: given } = await send({ path: '/auth/x?next=/notes', body: { email: 'x' }, headers })
    const refused = { path: '/auth/x', ip: '192.0.2.7', failure: 'invalid_input' }
    expect(warn.mock.calls).toEqual([[{ requestId: given.get('x-request-id'), ...refused }, 'request refused']])
    await send({})
    await send({ handle: broken })
    expect(warn).toHaveBeenCalledTimes(1)
  })

  it('names one error a field, the first of each', async () => {
    expect(await errorsOf({ email: 'x', inner: { deep: 'x' } })).toEqual([
      { field: 'email', code: 'too_small', message: 'Too short.' },
      { field: 'inner.deep', code: 'invalid_type', message: 'No number.' },
    ])
  })

  it('names every field that it does not know', async () => {
    const unknown = (field: string) => ({ field, code: 'unknown_field', message: 'This field is not known here.' })
    expect(await errorsOf({ email: 'a@b', one: 1, two: 2 })).toEqual([unknown('one'), unknown('two')])
  })

  it('gives a form back the address that was typed, right or wrong, and nothing that is none', async () => {
    const flashed = async (sent: Sent) => {
      const [cookie = ''] = (await send(sent)).headers.getSetCookie().filter((set) => set.startsWith('__Host-flash'))
      return JSON.parse(Buffer.from(/=([^;]*)/u.exec(cookie)?.[1] ?? '', 'base64url').toString())
    }
    expect(await flashed({ form: { email: 'x' } })).toMatchObject({ screen: '/x', code: 'invalid_input', email: 'x' })
    const refuse = async (): Promise<Reply> => ({ ok: false, failure: { code: 'invalid_credentials' } })
    expect(await flashed({ form: { email: 'a@b' }, handle: refuse })).toMatchObject({ email: 'a@b' })
    expect(await flashed({ form: { other: 'x' } })).not.toHaveProperty('email')
  })

  it.each([
    ['said by the form', '/auth/x?next=/notes', null, '/notes'],
    ['kept since a mail was asked for', '/auth/x', '/kept', '/kept'],
    ['said, before what was kept', '/auth/x?next=/notes', '/kept', '/notes'],
    ['kept, where what was said leads elsewhere', '/auth/x?next=//evil.example', '/kept', '/kept'],
    ['none, where what was kept leads elsewhere', '/auth/x', '//evil.example', '/done'],
    ['none', '/auth/x', null, '/done'],
  ])('knows where its visitor was going: %s', async (_, path, kept, location) => {
    const pending: Pending = { purpose: 'verify', challengeId: 'c', email: 'a@b', sentAt: 1, resendAt: 2 }
    const headers = kept ? { cookie: `__Host-pending=${encodePending({ ...pending, next: kept })}` } : {}
    const response = await send({ form: { email: 'a@b' }, path, headers })
    expect(response.headers.get('location')).toBe(location)
  })

  it.each([
    ['a bug', broken, 500, 'internal_error'],
    ['an outage', away, 503, 'unavailable'],
  ])('writes %s down and tells nothing of it', async (_, handle, status, code) => {
    const error = vi.spyOn(log, 'error')
    const response = await send({ handle })
    const text = await response.text()
    expect([response.status, JSON.parse(text).code]).toEqual([status, code])
    expect(text).not.toContain('canary')
    const { requestId } = JSON.parse(text)
    expect(error).toHaveBeenCalledWith({ err: expect.anything(), requestId }, 'request failed')
  })
})
