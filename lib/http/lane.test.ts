import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, createServer, type IncomingMessage, type OutgoingHttpHeaders, request as open } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { BODY_MAX_BYTES } from '../auth/policy.ts'
import { developmentLane, type Lane, openLane } from './lane.ts'

// Routes as Next would find them, below a folder of their own.
const ECHO = `export const POST = async (request: Request) =>
  new Response('got ' + (await request.text()).length, { status: 202, headers: { 'x-path': new URL(request.url).pathname } })
export const GET = async () => new Response('here', { headers: { 'x-served': 'yes' } })
export const OPTIONS = async () => new Response('no', { status: 405, headers: { allow: 'GET, HEAD, POST' } })`
const BROKEN = `export const GET = () => Promise.reject(new Error('canary'))
export const DELETE = undefined
export const HEAD = async () => new Response(null, { status: 204 })
export const OPTIONS = async () => new Response(null, { status: 405 })`
const NAMED = `export const GET = async (request: Request) => new Response(new URL(request.url).pathname)
export const OPTIONS = async () => new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })`
const ROUTES = {
  'app/auth/deep/echo': ECHO,
  'app/auth/broken': BROKEN,
  'app/mailbox/messages/[id]': NAMED,
  'app/.well-known/somewhere': NAMED,
}

const root = mkdtempSync(path.join(tmpdir(), 'vestibule-lane-'))
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
let lane: Lane
const server = createServer((request, response) => {
  void lane(request)?.(request, response)
})
beforeAll(async () => {
  for (const [folder, source] of Object.entries(ROUTES)) {
    mkdirSync(path.join(root, folder), { recursive: true })
    writeFileSync(path.join(root, folder, 'route.ts'), source)
  }
  mkdirSync(path.join(root, '.next/static/chunks'), { recursive: true })
  for (const name of ['x.js', 'x.js.br', 'gone.js']) writeFileSync(path.join(root, '.next/static/chunks', name), name)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
beforeEach(async () => {
  lane = await openLane(root)
})
afterAll(() => {
  agent.destroy()
  server.close()
  rmSync(root, { recursive: true })
})

/** One request over the one connection; `body` in one piece with its length, or in pieces without. */
async function send(method: string, url: string, body?: string | string[], headers: OutgoingHttpHeaders = {}) {
  const { port } = server.address() as AddressInfo
  const request = open({ port, host: '127.0.0.1', method, path: url, headers, agent })
  if (Array.isArray(body)) for (const piece of body) request.write(piece)
  else if (body !== undefined) request.setHeader('content-length', body.length)
  request.end(Array.isArray(body) ? undefined : body)
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    request.on('response', resolve).on('error', reject),
  )
  return { status: response.statusCode, headers: response.headers, body: await text(response), socket: request.socket }
}

it.each([
  ['/auth/deep/echo', 'POST'],
  ['/auth/deep/echo?next=%2F', 'POST'],
  ['/auth/deep/echo', 'HEAD'],
  ['/auth/broken', 'HEAD'],
  ['/mailbox/messages/x', 'GET'],
  ['/mailbox/messages/%', 'GET'],
  ['/.well-known/somewhere', 'GET'],
  ['/_next/static/chunks/x.js', 'GET'],
  ['/_next/static/chunks/x.js?v=1', 'HEAD'],
])('%s has a %s', (url, method) => {
  expect(lane({ url, method })).toBeTypeOf('function')
})

it.each([
  ['/auth/deep/echo/', 'POST'],
  ['/auth/deep', 'GET'],
  ['/auth/deep%2Fecho', 'POST'],
  ['/AUTH/deep/echo', 'POST'],
  ['//auth/deep/echo', 'POST'],
  ['/mailbox/messages/x/', 'GET'],
  ['/mailbox/messages/x/y', 'GET'],
  ['/mailbox/messages', 'GET'],
  ['/mailbox', 'GET'],
  ['/signin', 'POST'],
  ['/_next/data/x.js', 'HEAD'],
  ['', 'GET'],
])('%s leaves a %s to Next', (url, method) => {
  expect(lane({ url, method })).toBeNull()
  expect(developmentLane({ url, method })).toBeNull()
})

it.each([
  ['/auth/deep/echo', 'PUT', 'GET, HEAD, POST'],
  ['/auth/deep/echo?x', 'PROPFIND', 'GET, HEAD, POST'],
  ['/auth/deep/echo', 'TRACE', 'GET, HEAD, POST'],
  ['/auth/broken', 'DELETE', undefined],
  ['/mailbox/messages/x', 'TRACE', 'GET, HEAD'],
  // Of Next: pages and files, which are read.
  ['/signin', 'TRACE', 'GET, HEAD'],
  ['/auth/deep/echo/', 'PROPFIND', 'GET, HEAD'],
  ['/_next/static/x.js', 'POST', 'GET, HEAD'],
  ['/_next/static/chunks/x.js', 'POST', 'GET, HEAD'],
])('%s refuses a %s by naming its methods', async (url, method, allow) => {
  expect(await send(method, url)).toMatchObject({ status: 405, headers: allow ? { allow } : {} })
})

it.each(['*', '*/x', 'http://evil.example/signin', 'http://evil.example//x/', 'ftp://evil.example/auth/deep/echo'])(
  '%s is no path of this site, and leads nowhere',
  async (url) => {
    expect(await send('GET', url)).toMatchObject({ status: 404, headers: { 'cache-control': 'no-store' } })
    expect(developmentLane({ url, method: 'GET' })).toBeTypeOf('function')
  },
)

it('answers a file of the build itself, compressed where that is taken', async () => {
  const plain = await send('GET', '/_next/static/chunks/x.js?v=1')
  expect([plain.status, plain.body, plain.headers['content-encoding']]).toEqual([200, 'x.js', undefined])
  const small = await send('GET', '/_next/static/chunks/x.js', undefined, { 'accept-encoding': 'gzip, br' })
  expect([small.status, small.body, small.headers['content-encoding']]).toEqual([200, 'x.js.br', 'br'])
})

it.each([
  '',
  'chunks',
  'chunks/',
  'chunks/y.js',
  'chunks/x.js.br',
  'chunks//x.js',
  'chunks/%78.js',
  '../../package.json',
])('has no file of the build at "%s"', async (name) => {
  const { status, headers } = await send('GET', `/_next/static/${name}`)
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([
    404,
    'application/problem+json',
    'no-store',
  ])
})

it('says of a file that a newer build has taken away that it is not there, and nobody keeps that', async () => {
  rmSync(path.join(root, '.next/static/chunks/gone.js'))
  const { status, headers } = await send('GET', '/_next/static/chunks/gone.js')
  expect([status, headers['cache-control']]).toEqual([404, 'no-store'])
})

it('leaves the routes to Next in development, and refuses what Next fails at', async () => {
  expect(developmentLane({ url: '/auth/deep/echo', method: 'POST' })).toBeNull()
  expect(developmentLane({ url: '/auth/deep/echo', method: 'TRACE' })).toBeTypeOf('function')
  expect(developmentLane({ url: undefined, method: undefined })).toBeTypeOf('function')
})

it('tells a route with a name in its path what was named', async () => {
  expect(await send('GET', '/mailbox/messages/a%?x=1')).toMatchObject({ status: 200, body: '/mailbox/messages/a%' })
})

it('answers what the route answers', async () => {
  const answer = await send('POST', '/auth/deep/echo?x=1', 'hello')
  expect(answer).toMatchObject({ status: 202, body: 'got 5', headers: { 'x-path': '/auth/deep/echo' } })
  expect(await send('POST', '/auth/deep/echo')).toMatchObject({ status: 202, body: 'got 0' })
  expect(await send('POST', '/auth/deep/echo', ['hel', 'lo'])).toMatchObject({ body: 'got 5' })
})

it('answers HEAD as GET without its body, unless the route has its own', async () => {
  expect(await send('HEAD', '/auth/deep/echo')).toMatchObject({ status: 200, body: '', headers: { 'x-served': 'yes' } })
  expect(await send('HEAD', '/auth/broken')).toMatchObject({ status: 204 })
})

it('hands on no more of a body than a route reads, and keeps the connection', async () => {
  const before = await send('GET', '/auth/deep/echo')
  const piece = 'x'.repeat(4096)
  for (const body of [piece.repeat(100), Array.from({ length: 100 }, () => piece)]) {
    const received = Number((await send('POST', '/auth/deep/echo', body)).body.slice('got '.length))
    expect(received).toBeGreaterThan(BODY_MAX_BYTES)
    // Less than all: what it has read when it stops, and not the rest.
    expect(received).toBeLessThan(piece.length * 100)
  }
  const whole = 'x'.repeat(BODY_MAX_BYTES)
  expect(await send('POST', '/auth/deep/echo', whole)).toMatchObject({ body: `got ${BODY_MAX_BYTES}` })
  expect((await send('GET', '/auth/deep/echo')).socket).toBe(before.socket)
})

it('answers a bug in a handler without a detail, under the id of its request', async () => {
  const { status, headers, body } = await send('GET', '/auth/broken')
  expect([status, headers['content-type']]).toEqual([500, 'application/problem+json'])
  const { code, requestId } = JSON.parse(body)
  expect(code).toBe('internal_error')
  expect(requestId).toBe(headers['x-request-id'])
  expect(body).not.toContain('canary')
})
