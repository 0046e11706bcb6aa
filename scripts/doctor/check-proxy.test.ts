import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { doctorQuestion } from '#lib/http/doctor-question'
import { overwriteHeaders } from '#lib/http/overwrite-headers'
import { makeSecrets } from '#lib/secrets'
import { testApp } from '../../test/http.ts'
import { routes } from '../../test/routes.ts'
import type { Answer } from './ask-app.ts'
import { checkProxy, judgeAnswer } from './check-proxy.ts'

const PUBLIC = { appOrigin: 'https://id.example.com', isLoopback: false, host: '127.0.0.1', port: 3000 }

describe('what the app saw', () => {
  const answer = { status: 200, isVestibule: true, seenAddress: '9.9.9.9', ownAddress: '9.9.9.9', date: null }
  const judged = (changes: Partial<Answer>, hops = 1, own: string[] = []) =>
    judgeAnswer({ ...answer, ...changes }, { ...PUBLIC, trustedProxyHops: hops }, own).state

  test('is well: this end of the connection, or what a router makes of it', () => {
    expect(judged({})).toBe('ok')
    expect(judged({ ownAddress: '10.0.0.5' })).toBe('ok')
    expect(judged({ ownAddress: '10.0.0.5' }, 1, ['2606:4700::1', '9.9.9.9'])).toBe('ok')
    expect(judged({ seenAddress: '127.0.0.77', ownAddress: '127.0.0.77' })).toBe('ok')
  })

  test('is wrong: an address that was made up', () => {
    expect(judged({ seenAddress: '198.51.100.9' })).toBe('wrong')
    expect(judged({ seenAddress: '198.51.100.1' }, 9)).toBe('wrong')
  })

  test('is wrong: the proxy, whose address all would have', () => {
    expect(judged({ seenAddress: '127.0.0.1' }, 2)).toBe('wrong')
    expect(judged({ seenAddress: '127.0.0.1', ownAddress: '127.0.0.77' }, 2)).toBe('wrong')
    expect(judged({ seenAddress: '::1' }, 2)).toBe('wrong')
    expect(judged({}, 0)).toBe('wrong')
  })

  test('may be a proxy: a private address, or a public one that is not this machine', () => {
    expect(judged({ seenAddress: '172.17.0.1' })).toBe('warning')
    expect(judged({ seenAddress: 'fd00::1' })).toBe('warning')
    expect(judged({ seenAddress: '9.9.9.10' }, 1, ['9.9.9.9'])).toBe('warning')
  })

  test('is not said: the secret is another', () => {
    expect(judged({ seenAddress: null })).toBe('wrong')
  })
})

describe('asked through a chain of proxies', () => {
  const secrets = makeSecrets('test-secret-of-at-least-thirty-two-characters')
  const servers: Server[] = []
  let deps: Awaited<ReturnType<typeof testApp>>
  beforeEach(async () => {
    deps = await testApp()
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close()
    await deps.db.close()
  })

  async function listen(answer: (request: IncomingMessage) => Promise<Response>): Promise<string> {
    const server = createServer(async (request, response) => {
      const answered = await answer(request)
      response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(await answered.text())
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    servers.push(server)
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  const requestOf = (origin: string, { url, headers }: IncomingMessage) =>
    new Request(`${origin}${url}`, { headers: headers as Record<string, string> })

  /** As server.ts does it, with the real route behind. */
  const app = (hops: number) =>
    listen(async (request) => {
      overwriteHeaders(request, { appOrigin: 'http://127.0.0.1', trustedProxyHops: hops })
      return await routes.health(requestOf('http://127.0.0.1', request))
    })

  const proxyTo = (origin: string, kind: 'sets' | 'adds' | 'leaves') =>
    listen(async (request) => {
      const given = request.headers['x-forwarded-for']?.toString() ?? ''
      const from = request.socket.remoteAddress ?? ''
      const onward = requestOf(origin, request)
      onward.headers.set('x-forwarded-for', { sets: from, adds: `${given}, ${from}`, leaves: given }[kind])
      onward.headers.delete('connection')
      return await fetch(onward)
    })

  async function look(appOrigin: string, trustedProxyHops: number, question = doctorQuestion(secrets, deps.now())) {
    const site = { appOrigin, isLoopback: true, trustedProxyHops, host: '127.0.0.1', port: 1 }
    const { findings } = await checkProxy(site, () => question)
    return findings[0]
  }

  // An address of its own on this very machine, which tells the doctor from a proxy, is there on Linux alone.
  const onLinux = test.runIf(process.platform === 'linux')

  onLinux.each([
    ['none', 0, [], 'ok'],
    ['none, and one is trusted', 1, [], 'wrong'],
    ['one that sets the header, as in deploy/', 1, ['sets'], 'ok'],
    ['one, and none is trusted', 0, ['sets'], 'wrong'],
    ['one that sets the header, and two are trusted', 2, ['sets'], 'wrong'],
    ['one that adds to it', 1, ['adds'], 'ok'],
    ['one that adds to it, and two are trusted', 2, ['adds'], 'wrong'],
    ['one that leaves it to the client', 1, ['leaves'], 'wrong'],
    ['two', 2, ['adds', 'sets'], 'ok'],
    ['two, and one is trusted', 1, ['adds', 'sets'], 'wrong'],
  ] as const)('%s (TRUSTED_PROXY_HOPS=%i)', async (_what, hops, kinds, state) => {
    let origin = await app(hops)
    for (const kind of kinds) origin = await proxyTo(origin, kind)
    expect(await look(origin, hops)).toMatchObject({ check: 'proxy', state })
  })

  test('whoever has another secret is told nothing', async () => {
    const question = doctorQuestion(makeSecrets('another secret of thirty-two characters'), deps.now())
    expect(await look(await app(0), 0, question)).toMatchObject({
      state: 'wrong',
      message: expect.stringContaining('does not know this secret'),
    })
  })

  test('GET /health says nothing more to anybody else', async () => {
    const response = await fetch(`${await app(0)}/health`)
    expect(await response.json()).toEqual({ status: 'ok' })
  })

  test('where nothing or something else answers, it says whether the app runs behind', async () => {
    const running = new URL(await app(0))
    const site = { appOrigin: 'http://127.0.0.1:1', isLoopback: true, trustedProxyHops: 0, host: '127.0.0.1' }
    const question = () => doctorQuestion(secrets, deps.now())
    const behind = await checkProxy({ ...site, port: Number(running.port) }, question)
    expect(behind.findings).toMatchObject([{ state: 'wrong', message: expect.stringContaining('does not lead there') }])
    const other = await listen(async () => new Response('Bad gateway', { status: 502 }))
    const badGateway = await checkProxy({ ...site, appOrigin: other, port: Number(running.port) }, question)
    expect(badGateway.findings).toMatchObject([{ state: 'wrong', message: expect.stringContaining('answers 502') }])
    const stopped = await checkProxy({ ...site, port: 1 }, question)
    expect(stopped).toMatchObject({ answer: null, findings: [{ state: 'warning' }] })
  })
})
