import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { log } from '#lib/log'
import { logWhenDone } from './log-when-done.ts'

const server = createServer((request, response) => {
  logWhenDone(request, response, log)
  response.writeHead(Number(request.headers['x-status'])).end()
})
beforeEach(() => once(server.listen(0, '127.0.0.1'), 'listening'))
afterEach(() => once(server.close(), 'close'))

async function askFor(status: number) {
  const lines = { debug: vi.spyOn(log, 'debug'), warn: vi.spyOn(log, 'warn'), error: vi.spyOn(log, 'error') }
  const { port } = server.address() as AddressInfo
  const began = performance.now()
  const headers = {
    'x-status': String(status),
    'x-forwarded-for': '192.0.2.7',
    'x-request-id': 'an id',
    connection: 'close',
  }
  await fetch(`http://127.0.0.1:${port}/auth/session?email=canary`, { method: 'PUT', headers })
  await vi.waitFor(() => expect([...lines.debug.mock.calls, ...lines.error.mock.calls]).toHaveLength(1))
  const [[entry]] = [...lines.debug.mock.calls, ...lines.error.mock.calls] as unknown as [[{ ms: number }]]
  expect(entry.ms).toBeLessThanOrEqual(Math.ceil(performance.now() - began))
  const said = (level: keyof typeof lines) => lines[level].mock.calls as unknown[]
  return { debug: said('debug'), warn: said('warn'), error: said('error') }
}

const of = (status: number) => [
  { method: 'PUT', path: '/auth/session', status, ms: expect.any(Number), requestId: 'an id', finished: true },
  'request',
]

it('every answer is a line, without the query', async () => {
  expect(await askFor(200)).toEqual({ debug: [of(200)], warn: [], error: [] })
})

it.each([500, 503])('from 500 on it is an error: %i', async (status) => {
  expect(await askFor(status)).toEqual({ debug: [], warn: [], error: [of(status)] })
})

it('a method that is not there is a refusal, wherever it was refused', async () => {
  const refused = { requestId: 'an id', path: '/auth/session', ip: '192.0.2.7', failure: 'method_not_allowed' }
  expect(await askFor(405)).toEqual({ debug: [of(405)], warn: [[refused, 'request refused']], error: [] })
})
