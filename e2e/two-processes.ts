import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres } from '../test/start-postgres.ts'
import { ApiClient } from './api-client.ts'
import { openRecords, type Records, type Where } from './records.ts'
import { startServer } from './start-server.ts'

export const DATABASES = ['SQLite', 'Postgres'] as const
/** Equal requests that a race sends, half of them to each process. */
export const AT_ONCE = 50

type Answer = Awaited<ReturnType<ApiClient['call']>>

/** Two server processes on one database. */
export interface TwoProcesses {
  /** Of the first. */
  origin: string
  records: Records
  /** Somebody at the first process when `index` is even, else at the second. */
  client(index: number, headers?: Record<string, string>): ApiClient
  /** Sends them all at once; `client` brings the cookies or the address of each. */
  race(path: string, body: (index: number) => object, client?: (index: number) => ApiClient): Promise<Answer[]>
  /** Throws when one has answered a 5xx, or did not end well. */
  stop(): Promise<void>
}

export async function startTwoProcesses(
  database: (typeof DATABASES)[number],
  settings: Record<string, string>,
): Promise<TwoProcesses> {
  const { location, url, remove } = await sharedDatabase(database)
  const shared = { DATABASE_URL: url, AUTH_SECRET: 'one secret for both processes, long enough', ...settings }
  const servers = await Promise.all([startServer(shared), startServer(shared)])
  const records = openRecords(location)
  const client = (index: number, headers?: Record<string, string>) =>
    new ApiClient((servers[index % 2] ?? servers[0]).origin, headers)
  return {
    origin: servers[0].origin,
    records,
    client,
    race: (path, body, from = client) => {
      const clients = Array.from({ length: AT_ONCE }, (_, index) => from(index))
      return Promise.all(clients.map((each, index) => each.call(path, body(index))))
    },
    stop: async () => {
      await records.close()
      for (const server of servers) {
        const exitCode = await server.stop()
        if (exitCode !== 0) throw new Error(`A server ended with ${exitCode} after SIGTERM.`)
      }
      await remove()
    },
  }
}

async function sharedDatabase(
  database: (typeof DATABASES)[number],
): Promise<{ location: Where; url: string; remove(): Promise<void> }> {
  if (database === 'Postgres') {
    const { url, stop } = await startPostgres()
    return { location: { kind: 'postgres', url, pool: 1 }, url, remove: stop }
  }
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-races-'))
  const file = join(folder, 'shared.db')
  const remove = async () => rmSync(folder, { recursive: true })
  return { location: { kind: 'sqlite', file }, url: `file:${file}`, remove }
}

/** How many answers had each status. */
export function tallied(answers: Answer[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
