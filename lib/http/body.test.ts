import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BODY_MAX_BYTES } from '../auth/policy.ts'
import { bodyFormat, readBody } from './body.ts'

const URL = 'http://localhost:3000/'
const request = (body: BodyInit | null, headers: Record<string, string> = {}) =>
  new Request(URL, { method: 'POST', body, headers, ...(body instanceof ReadableStream && { duplex: 'half' }) })
const json = (text: string) => readBody(request(text), 'json')
const form = (text: string) => readBody(request(text), 'form')
const malformed = (message: string) => ({
  ok: false,
  failure: { code: 'invalid_input', errors: [{ field: '', code: 'malformed', message }] },
})

describe('bodyFormat', () => {
  it.each([
    ['application/json', 'json'],
    ['Application/JSON; charset="UTF-8"', 'json'],
    [' application/json ; charset=utf-8 ', 'json'],
    ['application/json;', 'json'],
    ['application/x-www-form-urlencoded', 'form'],
    ['application/x-www-form-urlencoded; charset=utf-8', 'form'],
    ['application/json; charset=utf-16', null],
    ['application/json; boundary=x', null],
    ['application/json; charset=utf-8; boundary=x', null],
    ['application/json; xcharset=utf-8', null],
    ['application/json; charset=utf-80', null],
    ['application/jsonp', null],
    ['text/plain', null],
    ['', null],
  ])('of "%s" is %s', (type, format) => {
    expect(bodyFormat(request('', { 'content-type': type }))).toBe(format)
  })

  it('of a request that names none is JSON: it carries an empty object', async () => {
    const bare = request(null)
    expect(bodyFormat(bare)).toBe('json')
    expect(await readBody(bare, 'json')).toEqual({ ok: true, value: {} })
  })
})

describe('what is read', () => {
  const padded = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`
  const tooLarge = { ok: false, failure: { code: 'payload_too_large' } }

  it('is at most 16 KiB', async () => {
    expect((await json(padded(BODY_MAX_BYTES))).ok).toBe(true)
    expect(await json(padded(BODY_MAX_BYTES + 1))).toEqual(tooLarge)
  })

  it('is nothing where more is announced', async () => {
    const announced = (bytes: number) => readBody(request('{}', { 'content-length': String(bytes) }), 'json')
    expect((await announced(BODY_MAX_BYTES)).ok).toBe(true)
    expect(await announced(BODY_MAX_BYTES + 1)).toEqual(tooLarge)
  })

  it('comes in pieces, and no further than the limit', async () => {
    let sent = 0
    const endless = new ReadableStream({
      pull: (controller) => {
        sent += 1
        controller.enqueue(new Uint8Array(6_000).fill(0x20))
      },
    })
    expect(await readBody(request(endless), 'json')).toEqual(tooLarge)
    expect(sent).toBeLessThan(6)
    const halves = new Blob(['{"a":', '1}']).stream()
    expect(await readBody(request(halves), 'json')).toEqual({ ok: true, value: { a: 1 } })
  })

  it('is what the lane has read, and the stream stays as it is', async () => {
    const readBefore = (text: string) =>
      Object.assign(request('{"a":"of the stream"}'), { runtime: { node: { req: { rawBody: Buffer.from(text) } } } })
    const small = readBefore('{"a":"of the lane"}')
    expect(await readBody(small, 'json')).toEqual({ ok: true, value: { a: 'of the lane' } })
    expect(small.bodyUsed).toBe(false)
    expect((await readBody(readBefore(padded(BODY_MAX_BYTES)), 'json')).ok).toBe(true)
    expect(await readBody(readBefore(padded(BODY_MAX_BYTES + 1)), 'json')).toEqual(tooLarge)
  })

  it.each(['json', 'form'] as const)('is UTF-8: %s', async (format) => {
    const broken = request(new Uint8Array([0x61, 0x3d, 0xff]))
    expect(await readBody(broken, format)).toEqual(malformed('The body is not UTF-8.'))
  })

  it('has no byte order mark', async () => {
    expect(await json('\ufeff{}')).toEqual(malformed('The body is not JSON.'))
  })
})

describe('a form', () => {
  it('is an object of its fields', async () => {
    expect(await form('a=1&b=%C3%A4+%26')).toEqual({ ok: true, value: { a: '1', b: 'ä &' } })
    expect(await form('')).toEqual({ ok: true, value: {} })
  })

  it('has every field once', async () => {
    expect(await form('a=1&b=2&a=1')).toEqual(malformed('A field is given twice.'))
    expect(await form('sessionIds=1&b=2&sessionIds=2&b=2')).toEqual(malformed('A field is given twice.'))
  })

  it('has a list as often as it has values, in their order', async () => {
    expect(await form('sessionIds=2&b=3&sessionIds=1&sessionIds=2')).toEqual({
      ok: true,
      value: { b: '3', sessionIds: ['2', '1', '2'] },
    })
    expect(await form('sessionIds=1')).toEqual({ ok: true, value: { sessionIds: ['1'] } })
  })
})

describe('JSON', () => {
  it('may be missing', async () => {
    expect(await json('')).toEqual({ ok: true, value: {} })
  })

  it.each(['{', ' ', 'undefined'])('is JSON: not %s', async (text) => {
    expect(await json(text)).toEqual(malformed('The body is not JSON.'))
  })

  it.each(['[]', '[{}]', 'null', '1', '"text"', 'true'])('is an object: not %s', async (text) => {
    expect(await json(text)).toEqual(malformed('The body is not a JSON object.'))
  })

  it.each([
    '{"a":1,"a":1}',
    '{ "a" : 1 , "a" : 2 }',
    '{"a":1,"\\u0061":2}',
    '{"x":{"a":1,"a":2}}',
    '{"x":[{"a":1},{"a":1,"a":2}]}',
    '{"a":{"b":1},"a":2}',
    '{"a":"}","a":1}',
    '{"a":"\\"","a":1}',
    '{"a\\"b":1,"a\\"b":2}',
    '{"":1,"":2}',
  ])('has every key of an object once: not %s', async (text) => {
    expect(await json(text)).toEqual(malformed('A key is given twice.'))
  })

  it.each([
    '{"a":"a","b":"a"}',
    '{"a":{"a":{"a":1}}}',
    '{"a":[{"b":1},{"b":1}],"b":1}',
    '{"a":"x\\":{\\"a","b":"a:a"}',
    '{"a":{},"b":{}}',
  ])('may say one word in several places: %s', async (text) => {
    expect(await json(text)).toEqual({ ok: true, value: JSON.parse(text) })
  })

  it('of any object comes back as it went in', async () => {
    const objects = fc.dictionary(fc.string(), fc.jsonValue()).map((object) => JSON.stringify(object))
    await fc.assert(
      fc.asyncProperty(objects, async (text) => {
        const read = await json(text)
        if (text.length <= 5_000) expect(read).toEqual({ ok: true, value: JSON.parse(text) })
      }),
    )
  })
})
