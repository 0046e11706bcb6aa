import { connect, type Socket } from 'node:net'

const COME_BACK_AFTER_MS = 250

/** Keeps so many connections that say nothing at a port, and connects anew for each that is closed. Returns how to end them. */
export function keepConnected(port: number, connections: number): () => void {
  const sockets = new Set<Socket>()
  let over = false
  const open = () => {
    if (over) return
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      setTimeout(open, COME_BACK_AFTER_MS)
    })
  }
  for (let count = 0; count < connections; count += 1) open()
  return () => {
    over = true
    for (const socket of sockets) socket.destroy()
  }
}
