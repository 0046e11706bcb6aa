import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { TestDeps } from '../../test/deps.ts'
import { Browser, problemCode, testApp } from '../../test/http.ts'
import { routes } from '../../test/routes.ts'

// What every POST route refuses before it does anything.

let deps: TestDeps
let laptop: Browser
let calls = 0
beforeAll(async () => {
  deps = await testApp()
})
beforeEach(() => {
  calls += 1
  laptop = new Browser(`192.0.${calls >> 8}.${calls & 255}`)
})
afterAll(() => deps.db.close())

const { session, sessions, health, mailbox, emptyMailbox, ...posts } = routes
const names = Object.keys(posts) as (keyof typeof posts)[]
const challenge = { challengeId: 'A'.repeat(22), token: '123456' }
const valid: Record<keyof typeof posts, Record<string, unknown>> = {
  signup: { email: 'a@example.com', password: 'a lantern in the hall' },
  verifyRequest: { email: 'a@example.com' },
  preview: challenge,
  verify: challenge,
  reject: challenge,
  signin: { email: 'a@example.com', password: 'x' },
  signinRequest: { email: 'a@example.com' },
  signout: {},
  resetRequest: { email: 'a@example.com' },
  reset: { ...challenge, password: 'a lantern in the hall' },
  endSessions: { sessionIds: ['A'.repeat(22)], currentPassword: 'x' },
  changePassword: { currentPassword: 'x', password: 'a lantern in the hall' },
}

describe.each(names)('%s', (name) => {
  const route = routes[name]
  const raw = (body: BodyInit | null, type: string | null, headers: Record<string, string> = {}) =>
    laptop.send(route, body, type === null ? {} : { 'content-type': type }, { headers })

  it.each([
    ['a sibling site', { 'sec-fetch-site': 'same-site' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another site that forges our Origin', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost:3000' }],
    ['another origin, in an old browser', { origin: 'https://evil.example' }],
    ['a sandboxed frame, in an old browser', { origin: 'null' }],
  ] as [string, Record<string, string>][])('refuses %s', async (_, headers) => {
    expect(await problemCode(await laptop.json(route, valid[name], { headers }))).toEqual([403, 'cross_origin'])
  })

  it.each([{ 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, { origin: 'http://localhost:3000' }, {}])(
    'takes its own site, and what is no browser: %o',
    async (headers) => {
      const [, code] = await problemCode(
        await laptop.json(route, valid[name], { headers: headers as Record<string, string> }),
      )
      expect(code).not.toBe('cross_origin')
    },
  )

  it.each(['text/plain', 'multipart/form-data; boundary=x', 'application/json; charset=utf-16', 'application/xml', ''])(
    'refuses the type "%s"',
    async (type) => {
      expect(await problemCode(await raw(JSON.stringify(valid[name]), type))).toEqual([415, 'unsupported_media_type'])
    },
  )

  it('takes JSON with its charset said', async () => {
    const [status] = await problemCode(await raw(JSON.stringify(valid[name]), 'Application/JSON; charset="UTF-8"'))
    expect(status).not.toBe(415)
  })

  it('refuses more than 16 KB, announced or not', async () => {
    const large = JSON.stringify({ ...valid[name], filler: 'x'.repeat(17_000) })
    expect(await problemCode(await raw(large, 'application/json'))).toEqual([413, 'payload_too_large'])
    const stream = new Blob([large]).stream()
    expect(await problemCode(await raw(stream, 'application/json'))).toEqual([413, 'payload_too_large'])
    const announced = await raw('{}', 'application/json', { 'content-length': '99999' })
    expect(await problemCode(announced)).toEqual([413, 'payload_too_large'])
  })

  it.each([
    ['no JSON', '{'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a byte order mark', '\ufeff{}'],
    ['a key given twice', '{"email":"a@example.com","email":"b@example.com"}'],
    ['a key given twice, spelt in escapes', String.raw`{"email":"a@example.com","\u0065mail":"b@example.com"}`],
    ['deep nesting', `{"email":${'['.repeat(5000)}${']'.repeat(5000)}}`],
    ['a prototype', '{"__proto__":{"admin":true}}'],
  ])('refuses %s', async (_, body) => {
    expect(await problemCode(await raw(body, 'application/json'))).toEqual([422, 'invalid_input'])
  })

  it('refuses what is not UTF-8', async () => {
    expect(await problemCode(await raw(new Uint8Array([0x7b, 0xff, 0x7d]), 'application/json'))).toEqual([
      422,
      'invalid_input',
    ])
  })

  it('names an unknown key, and takes nothing else with it', async () => {
    const response = await laptop.json(route, { ...valid[name], verifiedAt: 1 })
    expect(response.status).toBe(422)
    expect((await response.json()).errors).toEqual([
      { field: 'verifiedAt', code: 'unknown_field', message: expect.any(String) },
    ])
  })

  it.each(Object.keys(valid[name]))('refuses another type for %s', async (field) => {
    for (const value of [1, null, ['a@example.com'], { a: 1 }, true]) {
      const response = await laptop.json(route, { ...valid[name], [field]: value })
      expect(response.status).toBe(422)
      expect((await response.json()).errors[0].field.split('.')[0]).toBe(field)
    }
  })

  it('refuses a form with a field given twice', async () => {
    const response = await raw('email=a%40example.com&email=b%40example.com', 'application/x-www-form-urlencoded')
    expect(response.status).toBe(303)
    expect(laptop.flash()).toMatchObject({ code: 'invalid_input', kind: 'failure' })
  })

  it('answers every time with its headers', async () => {
    const { headers } = await laptop.json(route, valid[name])
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{22}$/u)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect([...headers.keys()].filter((header) => header.startsWith('access-control'))).toEqual([])
  })

  it('answers 500 without a detail when something breaks, and 503 when the database is away', async () => {
    const { transaction, run, read } = deps.db
    const broken = async () => {
      throw new Error('canary-detail')
    }
    const away = async () => {
      throw Object.assign(new Error('canary-detail'), { name: 'DatabaseUnavailable' })
    }
    laptop.cookies.set('__Host-session', 'x'.repeat(43))
    for (const [failing, expected] of [
      [broken, [500, 'internal_error']],
      [away, [503, 'unavailable']],
    ] as const) {
      Object.assign(deps.db, { transaction: failing, run: failing, read: failing })
      const response = await laptop.json(route, valid[name])
      const body = await response.text()
      expect(body).not.toContain('canary')
      expect([response.status, JSON.parse(body).code]).toEqual(expected)
    }
    Object.assign(deps.db, { transaction, run, read })
  })
})
