import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { drainable, NOTICE_TO_BROWSERS } from './drain.ts'

async function listening(answer: RequestListener) {
  const server = createServer()
  const { drain: drainWith, isReady } = drainable(server)
  server.on('request', answer)
  const drain = (withinMs: number, notice = NOTICE_TO_BROWSERS) => drainWith(notice, withinMs)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { drain, isReady, port, url: `http://127.0.0.1:${port}/` }
}

/** Answers nothing until `answer` is called, so that no test depends on how fast a machine is. */
function held() {
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>()
  const listener: RequestListener = (_request, response) => resolve(response)
  return { listener, asked, answer: async () => void (await asked).end('done') }
}
const atOnce: RequestListener = (_request, response) => void response.end('done')

async function took(work: Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work
  return performance.now() - began
}
/** What a drain may take that waits for nobody: far from the ten seconds that it would wait at most, on a machine that freezes. */
const WITHOUT_WAITING_MS = 7_000

test('a request in flight is answered, and its kept-alive connection does not hold the end up', async () => {
  const { listener, asked, answer } = held()
  const { drain, url } = await listening(listener)
  const request = fetch(url).then((response) => response.text())
  await asked
  const drained = took(drain(10_000))
  await answer()
  expect(await request).toBe('done')
  expect(await drained).toBeLessThan(WITHOUT_WAITING_MS)
})

test('nobody new is let in', async () => {
  const { drain, url } = await listening(atOnce)
  await drain(10_000)
  await expect(fetch(url)).rejects.toThrow()
})

test('a connection that never asked anything does not hold the end up', async () => {
  const { drain, port } = await listening(atOnce)
  const silent = connect(port, '127.0.0.1')
  await once(silent, 'connect')
  silent.on('error', () => undefined)
  expect(await took(drain(10_000))).toBeLessThan(WITHOUT_WAITING_MS)
})

test('a request whose connection was open before the end, and which comes a moment after, is answered', async () => {
  const { drain, port } = await listening(atOnce)
  const early = connect(port, '127.0.0.1')
  await once(early, 'connect')
  const drained = took(drain(10_000, { announceMs: 0, idleMs: 8_000 }))
  await wait(200)
  early.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const [answer] = await once(early, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK\r\n/u)
  expect(await drained).toBeLessThan(WITHOUT_WAITING_MS)
})

test('a request that does not end is cut off in time', async () => {
  const { listener, asked } = held()
  const { drain, url } = await listening(listener)
  const refused = expect(fetch(url)).rejects.toThrow()
  await asked
  const ms = await took(drain(300))
  await refused
  expect(ms).toBeGreaterThan(250)
  expect(ms).toBeLessThan(WITHOUT_WAITING_MS)
})

/** The first chunk that comes next, as text. */
const nextOf = async (socket: Socket) => String((await once(socket, 'data'))[0])
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

test('a proxy that is told first is served meanwhile, on connections that it may keep', async () => {
  const { drain, isReady, url } = await listening(atOnce)
  expect(isReady()).toBe(true)
  const drained = drain(10_000, { announceMs: 4_000, idleMs: 0 })
  expect(isReady()).toBe(false)
  const meanwhile = await fetch(url)
  expect([meanwhile.status, meanwhile.headers.get('connection')]).toEqual([200, 'keep-alive'])
  await drained
  await expect(fetch(url)).rejects.toThrow()
})

test('a kept connection that rests is left to the proxy, and its next request is answered as the last', async () => {
  const { drain, port } = await listening(atOnce)
  const kept = connect(port, '127.0.0.1')
  kept.write(REQUEST)
  expect(await nextOf(kept)).toContain('Connection: keep-alive')
  const drained = took(drain(10_000, { announceMs: 0, idleMs: 9_000 }))
  await wait(1_000)
  kept.write(REQUEST)
  expect(await nextOf(kept)).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close/iu)
  expect(await drained).toBeLessThan(WITHOUT_WAITING_MS)
})

test('a request in flight is told that its connection ends with it', async () => {
  const { listener, asked, answer } = held()
  const { drain, url } = await listening(listener)
  const request = fetch(url)
  await asked
  const drained = drain(10_000)
  // As soon as this has no more to do it is closing.
  await wait(100)
  await answer()
  expect((await request).headers.get('connection')).toBe('close')
  await expect(fetch(url)).rejects.toThrow()
  await drained
})
