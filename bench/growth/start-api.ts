import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { DatabaseLocation } from '../../db/client.ts'

export interface Api {
  /** Throws unless the token is that of a live session. */
  checkSession(token: string): Promise<void>
  stop(): Promise<void>
}

/** serve.ts over a database, asked as a site asks it: over one connection that stays open. */
export async function startApi(location: DatabaseLocation): Promise<Api> {
  const child = fork(join(import.meta.dirname, 'serve.ts'))
  const exited = once(child, 'exit')
  const failed = exited.then(([code]) => Promise.reject(new Error(`The API ended with code ${code}.`)))
  failed.catch(() => undefined)
  child.send(location)
  const [port] = (await Promise.race([once(child, 'message'), failed])) as [number]
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    checkSession: async (token) => {
      const request = get({ port, agent, path: '/auth/session', headers: { cookie: `__Host-session=${token}` } })
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      await once(response.resume(), 'end')
      if (response.statusCode !== 200) throw new Error(`GET /auth/session answered ${response.statusCode}.`)
    },
    stop: async () => {
      agent.destroy()
      child.kill()
      await exited
    },
  }
}
