import type { Server } from 'node:http'
import { Server as TcpServer } from 'node:net'
import type { Duplex } from 'node:stream'

/** How often to look for connections that have nothing left to do. */
const LOOK_EVERY_MS = 25
/** For a connection that asks nothing at the moment: its next request may be on the way, and would find it closed. */
const SILENT_MS = 1_000

/**
 * Watches a server from its start. The returned function takes no more connections, lets requests in flight finish and
 * resolves when the last is answered, or cut off after `withinMs`.
 */
export function drainable(server: Server): (withinMs: number) => Promise<void> {
  let inFlight = 0
  let draining = false
  const upgraded = new Set<Duplex>()
  server.on('request', (_request, response) => {
    inFlight++
    if (draining) response.setHeader('connection', 'close')
    response.once('close', () => inFlight--)
  })
  server.on('upgrade', (_request, socket) => {
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
  })
  return async (withinMs) => {
    draining = true
    // Not the HTTP server's own way to close, which at once cuts off every connection that is between two requests.
    const closed = new Promise((done) => TcpServer.prototype.close.call(server, done))
    // They belong to hot reload, which never ends by itself; node:http lets go of a socket once it is upgraded.
    for (const socket of upgraded) socket.destroy()
    const began = Date.now()
    const looking = setInterval(() => {
      const waited = Date.now() - began
      if (waited < SILENT_MS) return
      // One that never asked anything does not count as idle for Node, hence "all" when nothing is in flight.
      if (waited > withinMs || inFlight === 0) server.closeAllConnections()
      else server.closeIdleConnections()
    }, LOOK_EVERY_MS)
    await closed
    clearInterval(looking)
  }
}
