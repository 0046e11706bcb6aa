import { expect, test } from 'playwright/test'
import { startPostgres } from '../test/start-postgres.ts'
import { startServer } from './start-server.ts'
import { wholeStory } from './whole-story.ts'

test('the whole story on Postgres, from two processes that start together', async () => {
  const postgres = await startPostgres()
  const shared = { DATABASE_URL: postgres.url, AUTH_SECRET: 'one secret for both processes, long enough' }
  const servers = await Promise.all([startServer(shared), startServer(shared)])
  for (const { origin } of servers) await wholeStory(origin)
  for (const server of servers) expect(await server.stop()).toBe(0)
  await postgres.stop()
})
