import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { openDatabase } from '#db/client'
import { readAnything } from '#db/queries/health'

// A Postgres that takes the connection and never says a word, as behind a firewall that drops what it does not like.

const sockets = new Set<Socket>()
const silent = createServer((socket) => sockets.add(socket))
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  silent.close()
})

test('a Postgres that never answers is an outage after five seconds, for all who ask at once', async () => {
  silent.listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : 0
  const db = openDatabase({ kind: 'postgres', url: `postgres://me:secret@127.0.0.1:${port}/none`, pool: 2 })
  const began = performance.now()
  const answers = await Promise.allSettled(Array.from({ length: 6 }, () => db.run(readAnything)))
  const seconds = (performance.now() - began) / 1000
  expect(sockets.size).toBeGreaterThan(0)
  for (const answer of answers)
    expect(answer).toMatchObject({ status: 'rejected', reason: { name: 'DatabaseUnavailable' } })
  expect(seconds).toBeGreaterThan(4)
  // Docs say five; the rest is for a machine that has other things to do.
  expect(seconds).toBeLessThan(9)
  await db.close()
})
