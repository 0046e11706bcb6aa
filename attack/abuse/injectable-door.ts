import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Sqlite from 'better-sqlite3'

/** A door that is open on purpose, so that a tool which finds nothing at ours has been seen to find something. */
export interface InjectableDoor {
  origin: string
  close(): Promise<void>
}

/** Answers as our sign-in does, 400 for no JSON and else 401, but pastes `email` into its statement. */
export async function openInjectableDoor(): Promise<InjectableDoor> {
  const database = new Sqlite(':memory:')
  database.exec("CREATE TABLE users (email TEXT); INSERT INTO users VALUES ('ann@example.com')")
  const accountsCalled = (email: unknown) => database.prepare(`SELECT * FROM users WHERE email = '${email}'`).all()
  const server = createServer(async (request, response) => {
    try {
      const { email } = JSON.parse((await request.toArray()).join(''))
      const known = accountsCalled(email).length > 0
      response.writeHead(401).end(known ? 'Wrong password.' : 'No such account.')
    } catch {
      response.writeHead(400).end('Bad request.')
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
      database.close()
    },
  }
}
