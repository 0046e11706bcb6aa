import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'playwright/test'
import { PAGE_PATHS, ROUTE_PATHS } from '../addresses.ts'
import { ApiClient, newAddress, newestChallenge } from '../api-client.ts'
import { ask } from '../ask.ts'
import { PASSWORD } from '../journeys/visitor.ts'
import { startServer } from '../start-server.ts'

/** Every byte that the server keeps; the index of SQLite's log (`-shm`) is written by readers too, and holds no data. */
function kept(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted())
    if (/\.db(?:-wal)?$|auth-secret$/u.test(name)) hash.update(name).update(readFileSync(join(folder, name)))
  return hash.digest('hex')
}

/** The sender writes down what it has sent a moment after it arrived. */
async function untilQuiet(folder: string): Promise<string> {
  for (let seen = kept(folder); ; ) {
    await wait(2000)
    const now = kept(folder)
    if (now === seen) return now
    seen = now
  }
}

test('GET, HEAD and OPTIONS write not a byte, whoever is signed in and whatever they ask for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-safe-'))
  const server = await startServer({ DATA_DIR: folder })
  const [client, email] = [new ApiClient(server.origin), newAddress()]
  await client.call('/auth/signup', { email, password: PASSWORD })
  const { mail, challengeId, code: token } = await newestChallenge(server.origin, email)
  await client.call('/auth/verify', { challengeId, token })
  await client.call('/auth/signin/request', { email })
  const waiting = await newestChallenge(server.origin, email, mail)
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const queries = [
    '',
    `?${new URLSearchParams({ challengeId: waiting.challengeId, token: waiting.linkToken, confirm: 'true' })}`,
    `?${new URLSearchParams({ email, password: PASSWORD, everywhere: 'true', _method: 'POST' })}`,
  ]

  const before = await untilQuiet(folder)
  const paths = [...PAGE_PATHS, ...ROUTE_PATHS]
  expect(paths.length).toBeGreaterThan(20)
  for (const path of paths)
    for (const query of queries)
      for (const method of ['GET', 'HEAD', 'OPTIONS'])
        expect((await ask(server.origin, path + query, { cookie }, { method })).status).toBeLessThan(500)
  expect(await untilQuiet(folder)).toBe(before)

  // The same look sees what does change something.
  expect((await client.call('/auth/signout', {})).status).toBe(200)
  expect(await untilQuiet(folder)).not.toBe(before)
  await server.stop()
  rmSync(folder, { recursive: true })
})
