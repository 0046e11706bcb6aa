import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import type { Door } from './doors.ts'
import type { Verdict } from './verdict.ts'

const WITHIN_MS = 2_000
const LOGGED_WITHIN_MS = 1_000
/** A path that nobody asks for, unless a body is taken for a request. */
const SMUGGLED = '/smuggled'
const HIDDEN = `GET ${SMUGGLED} HTTP/1.1\r\nHost: localhost\r\nX: `
const POST = 'POST /auth/signin HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
const CHUNKED_AND_MORE = `0\r\n\r\n${HIDDEN}`
const length = (text: string) => Buffer.byteLength(text)

const bothLengths = (transferEncoding: string) =>
  `${POST}Content-Length: ${length(CHUNKED_AND_MORE)}\r\n${transferEncoding}\r\n\r\n${CHUNKED_AND_MORE}`
/** The first length ends before the hidden request, the second after it. */
const twoLengths = (first: string, second: string) =>
  `${POST}Content-Length: ${first}\r\nContent-Length: ${second}\r\n\r\n{}${HIDDEN}`
const oneLength = (value: string) => `${POST}Content-Length: ${value}\r\n\r\n{}${HIDDEN}`
const chunk = (size: string) => `${POST}Transfer-Encoding: chunked\r\n\r\n${size}\r\n{}\r\n0\r\n\r\n${HIDDEN}`

/** Requests whose end two readers see in two places. */
const PROBES: string[] = [
  bothLengths('Transfer-Encoding: chunked'),
  bothLengths('Transfer-Encoding : chunked'),
  bothLengths('Transfer-Encoding:\tchunked'),
  bothLengths('Transfer-Encoding: xchunked'),
  bothLengths('Transfer-Encoding: chunked\r\nTransfer-Encoding: identity'),
  bothLengths('Transfer-Encoding: identity, chunked'),
  bothLengths('Transfer-Encoding: chunked, identity'),
  bothLengths('X: x\nTransfer-Encoding: chunked'),
  bothLengths('Transfer-Encoding\r\n : chunked'),
  bothLengths('Transfer-Encoding: \u000bchunked'),
  bothLengths('Transfer\u0000-Encoding: chunked'),
  twoLengths('2', String(2 + length(HIDDEN))),
  twoLengths(String(2 + length(HIDDEN)), '2'),
  oneLength('2, 200'),
  oneLength('+2'),
  oneLength('-1'),
  oneLength('0x2'),
  oneLength('2 2'),
  oneLength('99999999999999999999'),
  chunk('2;a=b\n'),
  chunk('0x2'),
  chunk('-2'),
  chunk('2 '),
  chunk('fffffffffffffffff2'),
]

/** Sends bytes as they are, and reads until the other side closes or has said nothing more for its time. */
async function send(origin: string, bytes: string): Promise<string> {
  const { port, protocol } = new URL(origin)
  const to = { host: '127.0.0.1', port: Number(port) }
  const socket = protocol === 'https:' ? connectTls({ ...to, rejectUnauthorized: false }) : connect(to)
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  socket.on('error', () => undefined)
  socket.setTimeout(WITHIN_MS, () => socket.destroy())
  socket.write(bytes, 'latin1')
  if (!socket.destroyed) await once(socket, 'close')
  return answer
}

/** How many requests for it the server has logged, a moment later: the log comes through a pipe. */
async function logged({ server }: Door, path: string): Promise<number> {
  await wait(LOGGED_WITHIN_MS)
  return server.log().split(`"path":"${path}"`).length - 1
}

/** However a request lies about its end, what it carries is never taken for another one. The server logs each it sees. */
export async function lieAboutLengths(door: Door): Promise<Verdict[]> {
  const before = await logged(door, SMUGGLED)
  for (const probe of PROBES) {
    // Whoever comes next on a connection that a proxy keeps would be answered for the hidden request.
    await send(door.origin, probe)
    await send(door.origin, 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  }
  const smuggled = (await logged(door, SMUGGLED)) - before
  const honest = `GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET ${SMUGGLED} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
  await send(door.origin, honest)
  const seen = (await logged(door, SMUGGLED)) - before - smuggled
  return [
    {
      attack: `${PROBES.length} requests that lie about their length, ${door.name}`,
      figure: `${smuggled} taken for two; an honest second one is seen: ${seen}`,
      held: smuggled === 0 && seen === 1,
    },
  ]
}
