import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

test('no secret of the whole story is found in the log, in the data folder or in an answer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-canary-'))
  const server = await startServer({ DATA_DIR: folder, LOG_LEVEL: 'trace' })
  const { email, answers, secrets } = await wholeStory(server.origin)
  // The embedded mailbox holds mail as it was sent, codes and all; it is emptied here and exists on no real site.
  await fetch(`${server.origin}/mailbox/messages`, { method: 'DELETE' })
  expect(await server.stop()).toBe(0)
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const data = files.map((file) => readFileSync(join(file.parentPath, file.name)).toString('latin1')).join('\n')
  rmSync(folder, { recursive: true })

  expect(secrets.length).toBeGreaterThanOrEqual(12)
  expect(data).toContain(email)
  expect(server.log().split('\n').length).toBeGreaterThan(15)
  for (const secret of secrets) {
    expect(server.log().includes(secret), `the log holds ${secret}`).toBe(false)
    expect(answers.join('\n').includes(secret), `an answer holds ${secret}`).toBe(false)
    // Six digits turn up by chance in a file full of times and hashes; whole lines of them do not.
    const found = /^\d+$/u.test(secret)
      ? new RegExp(`(?<![\\w.-])${secret}(?![\\w.-])`, 'u').test(data)
      : data.includes(secret)
    expect(found, `the data folder holds ${secret}`).toBe(false)
  }
})
