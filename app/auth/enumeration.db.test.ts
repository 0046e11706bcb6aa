import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Reader } from '#db/client'
import { users } from '#db/schema/tables'
import type { TestDeps } from '../../test/deps.ts'
import { Browser, type Route, testApp } from '../../test/http.ts'
import { byCode, newestLetter, PASSWORD } from '../../test/journey.ts'
import { routes } from '../../test/routes.ts'

// Strangers learn nothing: status, headers, cookies and bytes are the same, whoever has the address.

let deps: TestDeps
beforeEach(async () => {
  deps = await testApp()
  const owner = new Browser('192.0.2.1')
  for (const name of ['verified', 'disabled']) {
    await owner.json(routes.signup, { email: `${name}@example.com`, password: PASSWORD })
    await owner.json(routes.verify, byCode(newestLetter(deps)))
  }
  await deps.db.run((tx) => tx.update(users).set({ disabledAt: 1 }).where(eq(users.email, 'disabled@example.com')))
  deps.clock.advance(22 * HOUR)
  await owner.json(routes.signup, { email: 'pending0@example.com', password: PASSWORD })
  deps.clock.advance(2 * HOUR)
})
afterEach(() => deps.db.close())

const HOUR = 3_600_000
const STATEMENTS = new Set<string | symbol>(['select', 'selectDistinct', 'insert', 'update', 'delete', 'execute'])
const KINDS = ['unknown0', 'pending0', 'verified', 'disabled']

/** All of an answer, cookies opened, with the ids and random tokens and the address itself masked. */
async function seen(response: Response, email: string): Promise<string> {
  const cookies = response.headers
    .getSetCookie()
    .map((cookie) =>
      cookie.replace(
        /^(__Host-(?:pending|flash))=([\w-]+)/u,
        (_, name, value) => `${name}=${Buffer.from(value, 'base64url')}`,
      ),
    )
  const headers = [...response.headers].filter(([name]) => name !== 'set-cookie')
  return JSON.stringify([response.status, headers, cookies, await response.text()])
    .replaceAll(email, 'EMAIL')
    .replaceAll(/[\w-]{43}/gu, 'TOKEN')
    .replaceAll(/(?<![\w-])[\w-]{22}(?![\w-])/gu, 'ID')
}

const requests: [string, Route, (email: string) => Record<string, string>][] = [
  ['signup', routes.signup, (email) => ({ email, password: 'a fine new password' })],
  ['verify/request', routes.verifyRequest, (email) => ({ email })],
  ['signin', routes.signin, (email) => ({ email, password: 'not the password' })],
  ['signin/request', routes.signinRequest, (email) => ({ email })],
  ['password/reset/request', routes.resetRequest, (email) => ({ email })],
]

describe.each(requests)('%s', (_, route, body) => {
  it('answers alike for unknown, pending, verified and disabled addresses', async () => {
    const answers = new Set<string>()
    for (const [index, kind] of KINDS.entries()) {
      const email = `${kind}@example.com`
      answers.add(await seen(await new Browser(`198.51.100.${index}`).json(route, body(email)), email))
    }
    expect([...answers]).toHaveLength(1)
  })

  it('asks the database as often for each of them', async () => {
    const { read, run, transaction } = deps.db
    let statements: string[] = []
    const counting = <Using extends Reader>(tx: Using) =>
      new Proxy(tx, {
        get(target, name, receiver) {
          if (STATEMENTS.has(name)) statements.push(String(name))
          return Reflect.get(target, name, receiver)
        },
      })
    deps.db.read = (query) => read((tx) => query(counting(tx)))
    deps.db.run = (work) => run((tx) => work(counting(tx)))
    deps.db.transaction = (work) => transaction((tx) => work(counting(tx)))
    const seen = new Map<string, string[]>()
    for (const [index, kind] of KINDS.entries()) {
      statements = []
      await new Browser(`198.51.100.${index}`).json(route, body(`${kind}@example.com`))
      seen.set(kind, statements)
    }
    const ofUnknown = seen.get('unknown0')
    expect(ofUnknown?.length).toBeGreaterThan(1)
    for (const [kind, sent] of seen) expect([kind, sent.length]).toEqual([kind, ofUnknown?.length])
  })

  it('answers forms alike', async () => {
    const answers = new Set<string>()
    for (const [index, kind] of KINDS.entries()) {
      const email = `${kind}@example.com`
      answers.add(await seen(await new Browser(`198.51.100.${index}`).form(route, body(email)), email))
    }
    expect([...answers]).toHaveLength(1)
  })

  it.each(['json', 'form'] as const)('is refused at the same use in the same words at its limit: %s', async (type) => {
    const refusals = new Set<string>()
    for (const [index, kind] of KINDS.entries()) {
      const email = `${kind}@example.com`
      let tries = 0
      let answer = ''
      for (; !answer.includes('rate_limited'); tries += 1) {
        const visitor = new Browser(`203.0.${index}.${tries}`)
        answer = await seen(await visitor[type](route, body(email)), email)
      }
      refusals.add(`${tries} ${answer}`)
    }
    expect([...refusals]).toHaveLength(1)
    expect([...refusals][0]).toMatch(type === 'json' ? /\["retry-after","\d+"\]/u : /__Host-flash=.*retryAfter/u)
  })

  it('compares or hashes one password, or none, for all of them', async () => {
    const works = []
    for (const [index, kind] of KINDS.entries()) {
      const before = deps.passwords.comparisons
      await new Browser(`198.51.100.${index}`).json(route, body(`${kind}@example.com`))
      works.push(deps.passwords.comparisons - before)
    }
    expect(new Set(works).size).toBe(1)
  })
})
