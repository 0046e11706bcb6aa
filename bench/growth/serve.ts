/** The API over one of the filled databases, at the clock they were made for: a process of its own, as a server has. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { DatabaseLocation } from '../../db/client.ts'
import { openLane } from '../../lib/http/lane.ts'
import { grownApp } from './app.ts'

const ROOT = join(import.meta.dirname, '../..')

async function serve(location: DatabaseLocation): Promise<void> {
  // Where the routes look for what they need (lib/deps.ts).
  Object.assign(globalThis, { [Symbol.for('vestibule.deps')]: grownApp(location) })
  const lane = await openLane(ROOT)
  const server = createServer((request, response) => void lane(request)?.(request, response))
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
}

process.once('message', (location: DatabaseLocation) => void serve(location))
