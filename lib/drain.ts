import type { Server, ServerResponse } from 'node:http'
import { Server as TcpServer } from 'node:net'
import type { Duplex } from 'node:stream'
import { setImmediate, setTimeout as wait } from 'node:timers/promises'

/** How often to look for connections that have nothing left to do. */
const LOOK_EVERY_MS = 25
/** How long requests in flight may take at most. */
export const FINISH_WITHIN_MS = 10_000

/** What others need before this server is gone, in milliseconds. */
export interface Notice {
  /** For whoever asks whether it takes requests, to hear that it will not. Until then it takes them. */
  announceMs: number
  /** For a connection that asks nothing at the moment: its next request may be on the way, and would find it closed. */
  idleMs: number
}

/**
 * A proxy asks every half second, and lets go of an idle connection after four (deploy/). It is told first, and closes
 * first, so that no request of it meets a closed door.
 */
export const NOTICE_TO_PROXY: Notice = { announceMs: 2_000, idleMs: 5_000 }
export const NOTICE_TO_BROWSERS: Notice = { announceMs: 0, idleMs: 1_000 }

export interface Drainable {
  /** Whether new requests should come here: not any more as soon as the drain begins. */
  isReady(): boolean
  /**
   * Announces the end, then takes no more connections, lets requests in flight finish and resolves when the last is
   * answered, or cut off after `withinMs`.
   */
  drain(notice: Notice, withinMs: number): Promise<void>
}

/** Watches a server from its start, before anything answers: what is sent already cannot be told to be the last. */
export function drainable(server: Server): Drainable {
  const inFlight = new Set<ServerResponse>()
  let ready = true
  let closing = false
  const upgraded = new Set<Duplex>()
  server.on('request', (_request, response) => {
    inFlight.add(response)
    if (closing) isTheLast(response)
    // A response closes once; to listen once would cost another function each time.
    response.on('close', () => inFlight.delete(response))
  })
  server.on('upgrade', (_request, socket) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
  })
  const drain = async ({ announceMs, idleMs }: Notice, withinMs: number) => {
    ready = false
    await wait(announceMs)
    // Right after the loop has taken what connections were waiting: closing cuts off those that still do.
    await setImmediate()
    closing = true
    for (const response of inFlight) isTheLast(response)
    // Not the HTTP server's own way to close, which at once cuts off every connection that is between two requests.
    const closed = new Promise((done) => TcpServer.prototype.close.call(server, done))
    // They belong to hot reload, which never ends by itself; node:http lets go of a socket once it is upgraded.
    for (const socket of upgraded) socket.destroy()
    const began = Date.now()
    const looking = setInterval(() => {
      const waited = Date.now() - began
      if (waited < idleMs) return
      // One that never asked anything does not count as idle for Node, hence "all" when nothing is in flight.
      if (waited > withinMs || inFlight.size === 0) server.closeAllConnections()
      else server.closeIdleConnections()
    }, LOOK_EVERY_MS)
    await closed
    clearInterval(looking)
  }
  return { isReady: () => ready, drain }
}

/** Tells the client to ask elsewhere next, on a connection of its own. */
function isTheLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}
