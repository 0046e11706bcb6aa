import type { IncomingHttpHeaders } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { overwriteHeaders } from './overwrite-headers.ts'

const anId = expect.stringMatching(/^[\w-]{22}$/u)

function after(headers: IncomingHttpHeaders, appOrigin: string, trustedProxyHops: number): IncomingHttpHeaders {
  const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: '::ffff:192.0.2.10' })
  const rawHeaders = Object.entries(headers).flatMap(([name, value]) => [name, String(value)])
  const request = { headers: { ...headers }, rawHeaders, socket }
  overwriteHeaders(request, { appOrigin, trustedProxyHops })
  const raw = new Headers()
  for (let n = 0; n < request.rawHeaders.length; n += 2) {
    raw.append(request.rawHeaders[n] ?? '', request.rawHeaders[n + 1] ?? '')
  }
  // Read as they came over the wire, they say the same.
  expect(Object.fromEntries(raw)).toEqual(Object.fromEntries(new Headers(request.headers as Record<string, string>)))
  return request.headers
}

test('a request straight from a client gets its socket address and the scheme of the origin', () => {
  const added = { 'x-forwarded-for': '192.0.2.10', 'x-forwarded-proto': 'http', 'x-request-id': anId }
  expect(after({ host: 'localhost', accept: '*/*' }, 'http://localhost:3000', 0)).toEqual({
    host: 'localhost',
    accept: '*/*',
    ...added,
  })
})

test('what a client claims about itself is gone', () => {
  const forged = {
    forwarded: 'for=6.6.6.6',
    'x-real-ip': '6.6.6.6',
    'x-forwarded-for': '6.6.6.6',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-port': '666',
    'x-forwarded-proto': 'http',
    'x-middleware-subrequest': 'proxy:proxy:proxy',
    'x-nonce': 'forged',
    'x-request-id': 'forged',
    'content-security-policy': "script-src 'nonce-forged'",
    'content-security-policy-report-only': "script-src 'nonce-forged'",
    'next-router-state-tree': '%',
  }
  expect(after(forged, 'https://id.example.com', 0)).toEqual({
    'x-forwarded-for': '192.0.2.10',
    'x-forwarded-proto': 'https',
    'x-request-id': anId,
  })
})

test('a header that comes several times does so over the wire too, and one without a value not at all', () => {
  const request = { headers: { 'set-cookie': ['a', 'b'], accept: undefined }, rawHeaders: [], socket: new Socket() }
  overwriteHeaders(request as unknown as Parameters<typeof overwriteHeaders>[0], {
    appOrigin: 'http://localhost:3000',
    trustedProxyHops: 0,
  })
  expect(request.rawHeaders.slice(0, -6)).toEqual(['set-cookie', 'a', 'set-cookie', 'b'])
})

test('behind a trusted proxy, the address is the one that the proxy wrote', () => {
  const headers = after({ 'x-forwarded-for': '6.6.6.6, 203.0.113.7' }, 'https://id.example.com', 1)
  expect(headers['x-forwarded-for']).toBe('203.0.113.7')
})
