import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { drainable, NOTICE_TO_BROWSERS } from './drain.ts'

async function listening(answer: RequestListener) {
  const server = createServer(answer)
  const { drain: drainWith, isReady } = drainable(server)
  const drain = (withinMs: number, notice = NOTICE_TO_BROWSERS) => drainWith(notice, withinMs)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { drain, isReady, port, url: `http://127.0.0.1:${port}/` }
}

const after =
  (ms: number): RequestListener =>
  (_request, response) => {
    setTimeout(() => response.end('done'), ms)
  }

async function took(work: Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work
  return performance.now() - began
}

test('a request in flight is answered, and its kept-alive connection does not hold the end up', async () => {
  const { drain, url } = await listening(after(300))
  const request = fetch(url).then((response) => response.text())
  await wait(100)
  const drained = took(drain(10_000))
  expect(await request).toBe('done')
  expect(await drained).toBeLessThan(2_000)
})

test('nobody new is let in', async () => {
  const { drain, url } = await listening(after(0))
  await drain(10_000)
  await expect(fetch(url)).rejects.toThrow()
})

test('a connection that never asked anything does not hold the end up', async () => {
  const { drain, port } = await listening(after(0))
  const silent = connect(port, '127.0.0.1')
  await once(silent, 'connect')
  silent.on('error', () => undefined)
  expect(await took(drain(10_000))).toBeLessThan(2_000)
})

test('a request whose connection was open before the end, and which comes a moment after, is answered', async () => {
  const { drain, port } = await listening(after(0))
  const early = connect(port, '127.0.0.1')
  await once(early, 'connect')
  const drained = drain(10_000)
  await wait(200)
  early.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const [answer] = await once(early, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK\r\n/u)
  await drained
})

test('a request that does not end is cut off in time', async () => {
  const { drain, url } = await listening(() => undefined)
  const request = fetch(url)
  const refused = expect(request).rejects.toThrow()
  await wait(100)
  const ms = await took(drain(300))
  await refused
  expect(ms).toBeGreaterThan(250)
  expect(ms).toBeLessThan(2_000)
})

/** The first chunk that comes next, as text. */
const nextOf = async (socket: Socket) => String((await once(socket, 'data'))[0])
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'

test('a proxy that is told first is served meanwhile, on connections that it may keep', async () => {
  const { drain, isReady, url } = await listening(after(0))
  expect(isReady()).toBe(true)
  const drained = drain(10_000, { announceMs: 500, idleMs: 0 })
  expect(isReady()).toBe(false)
  const meanwhile = await fetch(url)
  expect([meanwhile.status, meanwhile.headers.get('connection')]).toEqual([200, 'keep-alive'])
  await drained
  await expect(fetch(url)).rejects.toThrow()
})

test('a kept connection that rests is left to the proxy, and its next request is answered as the last', async () => {
  const { drain, port } = await listening(after(0))
  const kept = connect(port, '127.0.0.1')
  kept.write(REQUEST)
  expect(await nextOf(kept)).toContain('Connection: keep-alive')
  const drained = took(drain(10_000, { announceMs: 0, idleMs: 3_000 }))
  await wait(2_000)
  kept.write(REQUEST)
  expect(await nextOf(kept)).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close/iu)
  expect(await drained).toBeLessThan(3_500)
})

test('a request in flight is told that its connection ends with it', async () => {
  const { drain, url } = await listening(after(200))
  const request = fetch(url)
  await wait(50)
  const drained = drain(10_000)
  expect((await request).headers.get('connection')).toBe('close')
  await expect(fetch(url)).rejects.toThrow()
  await drained
})
