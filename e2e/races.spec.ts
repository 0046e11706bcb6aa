import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'playwright/test'
import { startPostgres } from '../test/start-postgres.ts'
import { ApiClient, newAddress, newestChallenge } from './api-client.ts'
import { type RunningServer, startServer } from './start-server.ts'

// Fifty at once, from two server processes on one database: exactly one winner, exactly the budget, never a 5xx.

const AT_ONCE = 50
const PASSWORD = 'a lantern in the hall'
const secret = 'one secret for both processes, long enough'

async function sharedDatabase(
  kind: string,
): Promise<{ settings: Record<string, string>; remove: () => Promise<void> }> {
  if (kind === 'Postgres') {
    const { url, stop } = await startPostgres()
    return { settings: { DATABASE_URL: url, AUTH_SECRET: secret }, remove: stop }
  }
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-races-'))
  return {
    settings: { DATABASE_URL: `file:${join(folder, 'shared.db')}`, AUTH_SECRET: secret },
    remove: async () => rmSync(folder, { recursive: true }),
  }
}

for (const kind of ['SQLite', 'Postgres']) {
  test.describe(`on ${kind}`, () => {
    test.describe.configure({ mode: 'serial', timeout: 90_000 })
    let servers: [RunningServer, RunningServer]
    let origins: [string, string]
    let remove: () => Promise<void>

    test.beforeAll(async () => {
      const database = await sharedDatabase(kind)
      remove = database.remove
      const settings = { ...database.settings, LIMIT_SCALE: '1000' }
      servers = await Promise.all([startServer(settings), startServer(settings)])
      origins = [servers[0].origin, servers[1].origin]
    })
    test.afterAll(async () => {
      for (const server of servers) expect(await server.stop()).toBe(0)
      await remove()
    })

    /** The statuses of fifty equal requests, half of them at each process. `from` is the browser they come from. */
    async function race(
      path: string,
      body: (index: number) => object,
      from?: ApiClient,
    ): Promise<Record<number, number>> {
      const answers = await Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) => {
          const client = new ApiClient(origins[index % 2] as string)
          for (const [name, value] of from?.cookies ?? []) client.cookies.set(name, value)
          return client.call(path, body(index))
        }),
      )
      const counts: Record<number, number> = {}
      for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
      return counts
    }

    async function signedUp() {
      const [visitor, email] = [new ApiClient(origins[0]), newAddress()]
      expect((await visitor.call('/auth/signup', { email, password: PASSWORD })).status).toBe(202)
      return { visitor, email, ...(await newestChallenge(origins[0], email)) }
    }

    async function confirmed() {
      const story = await signedUp()
      const { challengeId, code: token } = story
      expect((await story.visitor.call('/auth/verify', { challengeId, token })).status).toBe(200)
      return story
    }

    test('one code', async () => {
      const { visitor, challengeId, code: token } = await signedUp()
      expect(await race('/auth/verify', () => ({ challengeId, token }), visitor)).toEqual({ 200: 1, 400: AT_ONCE - 1 })
    })

    test('one link', async () => {
      const { visitor, challengeId, linkToken: token } = await signedUp()
      expect(await race('/auth/verify', () => ({ challengeId, token }), visitor)).toEqual({ 200: 1, 400: AT_ONCE - 1 })
    })

    test('one sign-in link, confirmed elsewhere', async () => {
      const { visitor, email, mail } = await confirmed()
      await visitor.call('/auth/signin/request', { email })
      const { challengeId, linkToken: token } = await newestChallenge(origins[0], email, mail)
      expect(await race('/auth/verify', () => ({ challengeId, token, confirm: true }))).toEqual({
        200: 1,
        400: AT_ONCE - 1,
      })
    })

    test('wrong tries: five, then not even the right code', async () => {
      const { visitor, challengeId, code } = await signedUp()
      const token = code.replace(/\d$/u, (digit) => String((Number(digit) + 1) % 10))
      expect(await race('/auth/verify', () => ({ challengeId, token }), visitor)).toEqual({ 400: AT_ONCE })
      expect((await visitor.call('/auth/verify', { challengeId, token: code })).status).toBe(400)
    })

    test('one reset', async () => {
      const { visitor, email, mail } = await confirmed()
      await visitor.call('/auth/password/reset/request', { email })
      const { challengeId, linkToken: token } = await newestChallenge(origins[0], email, mail)
      const body = (index: number) => ({ challengeId, token, password: `an entirely new password ${index}` })
      expect(await race('/auth/password/reset', body)).toEqual({ 200: 1, 400: AT_ONCE - 1 })
      expect((await visitor.call('/auth/session')).status).toBe(401)
    })

    test('one address: three mails, no more', async () => {
      const email = newAddress()
      expect(await race('/auth/signup', () => ({ email, password: PASSWORD }))).toEqual({ 202: AT_ONCE })
      await newestChallenge(origins[1], email)
      await new Promise((resolve) => setTimeout(resolve, 1000))
      expect(await mailsTo(email)).toBe(3)
    })

    test('sessions of one account: twenty', async () => {
      const { email } = await confirmed()
      const browsers = Array.from({ length: 30 }, (_, index) => new ApiClient(origins[index % 2] as string))
      const signins = await Promise.all(
        browsers.map((each) => each.call('/auth/signin', { email, password: PASSWORD })),
      )
      expect(signins.map(({ status }) => status)).toEqual(Array(30).fill(200))
      const alive = await Promise.all(browsers.map((each) => each.call('/auth/session')))
      expect(alive.filter(({ status }) => status === 200)).toHaveLength(20)
    })

    test('mail: every one once', async () => {
      const addresses = Array.from({ length: AT_ONCE }, newAddress)
      expect(await race('/auth/signup', (index) => ({ email: addresses[index], password: PASSWORD }))).toEqual({
        202: AT_ONCE,
      })
      for (const email of addresses) await newestChallenge(origins[1], email)
      await new Promise((resolve) => setTimeout(resolve, 1000))
      expect(await Promise.all(addresses.map(mailsTo))).toEqual(Array(AT_ONCE).fill(1))
    })

    const mailsTo = async (email: string): Promise<number> =>
      (await (await fetch(`${origins[0]}/mailbox/messages?to=${email}`)).json()).length
  })
}

test('a budget holds across two processes', async () => {
  const { settings, remove } = await sharedDatabase('Postgres')
  const servers = await Promise.all([
    startServer({ ...settings, LIMIT_SCALE: '1' }),
    startServer({ ...settings, LIMIT_SCALE: '1' }),
  ])
  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) =>
      new ApiClient(servers[index % 2]?.origin ?? '').call('/auth/signup', { email: newAddress(), password: PASSWORD }),
    ),
  )
  const accepted = answers.filter(({ status }) => status === 202)
  expect([accepted.length, answers.filter(({ status }) => status === 429).length]).toEqual([5, AT_ONCE - 5])
  for (const server of servers) await server.stop()
  await remove()
})
