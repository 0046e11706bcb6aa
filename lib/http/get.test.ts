import { afterEach, describe, expect, it, vi } from 'vitest'
import { log } from '#lib/log'
import type { Visitor } from './caller.ts'
import { get } from './get.ts'

const SITE = 'http://localhost:3000'
afterEach(() => vi.restoreAllMocks())

describe('get', () => {
  it('answers with the value, under the id of the request and without a cookie', async () => {
    let asked: Visitor | undefined
    const request = new Request(SITE)
    const response = await get(async (visitor, given) => {
      asked = visitor
      return { ok: true, value: { same: given === request } }
    })(request)
    expect([response.status, await response.json()]).toEqual([200, { same: true }])
    expect(response.headers.get('x-request-id')).toBe(asked?.requestId)
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it('answers with the problem of a failure, and writes it down', async () => {
    const info = vi.spyOn(log, 'info')
    const request = new Request(`${SITE}/auth/session?next=x`, { headers: { 'x-forwarded-for': '192.0.2.7' } })
    const response = await get(async () => ({ ok: false, failure: { code: 'not_signed_in' } }))(request)
    const { code, requestId } = await response.json()
    expect([response.status, code]).toEqual([401, 'not_signed_in'])
    const refused = { path: '/auth/session', ip: '192.0.2.7', failure: 'not_signed_in' }
    expect(info.mock.calls).toEqual([[{ requestId, ...refused }, 'request refused']])
  })

  it('writes down what breaks and tells nothing of it', async () => {
    const error = vi.spyOn(log, 'error')
    const response = await get(() => Promise.reject(new Error('canary')))(new Request(SITE))
    const text = await response.text()
    const { code, requestId } = JSON.parse(text)
    expect([response.status, code]).toEqual([500, 'internal_error'])
    expect(text).not.toContain('canary')
    expect(error).toHaveBeenCalledWith({ err: expect.anything(), requestId }, 'request failed')
  })
})
