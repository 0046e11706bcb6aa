import { expect, test } from 'playwright/test'
import { type ApiClient, challengeIn, newAddress } from './api-client.ts'
import { mailTo } from './mailbox.ts'
import { AT_ONCE, DATABASES, startTwoProcesses, type TwoProcesses, tallied } from './two-processes.ts'

// Fifty at once, from two server processes on one database, with the limits that people meet: exactly the budget.

const PASSWORD = 'a lantern in the hall'
const split = (taken: number, status: number) => ({ [status]: taken, 429: AT_ONCE - taken })
let origins = 0
/** The header by which a proxy in front says who calls; each address is an origin of its own. */
const anotherOrigin = () => {
  origins += 1
  return { 'x-forwarded-for': `198.18.${Math.floor(origins / 250)}.${(origins % 250) + 1}` }
}

for (const database of DATABASES) {
  test.describe(`on ${database}`, () => {
    test.describe.configure({ mode: 'default' })
    let two: TwoProcesses
    test.beforeAll(async () => {
      two = await startTwoProcesses(database, { LIMIT_SCALE: '1', TRUSTED_PROXY_HOPS: '1' })
    })
    test.afterAll(() => two.stop())

    const fromOne = () => {
      const origin = anotherOrigin()
      return (index: number) => two.client(index, origin)
    }
    const fromMany = (index: number) => two.client(index, anotherOrigin())

    test('sign-ups of one origin: five', async () => {
      const body = () => ({ email: newAddress(), password: PASSWORD })
      expect(tallied(await two.race('/auth/signup', body, fromOne()))).toEqual(split(5, 202))
    })

    test('failed sign-ins of one origin, at fifty accounts: twenty', async () => {
      const body = () => ({ email: newAddress(), password: PASSWORD })
      expect(tallied(await two.race('/auth/signin', body, fromOne()))).toEqual(split(20, 401))
    })

    test('failed sign-ins at one account, from fifty origins: five', async () => {
      const body = { email: newAddress(), password: PASSWORD }
      expect(tallied(await two.race('/auth/signin', () => body, fromMany))).toEqual(split(5, 401))
    })

    test('codes and links submitted by one origin: thirty', async () => {
      const body = { challengeId: 'A'.repeat(22), token: '000000' }
      expect(tallied(await two.race('/auth/verify', () => body, fromOne()))).toEqual(split(30, 400))
    })

    test('resets asked for by one origin, for fifty addresses: ten', async () => {
      const body = () => ({ email: newAddress() })
      expect(tallied(await two.race('/auth/password/reset/request', body, fromOne()))).toEqual(split(10, 202))
    })

    for (const path of ['/auth/verify/request', '/auth/signin/request', '/auth/password/reset/request'])
      test(`${path} for one address, from fifty origins: one, and then the gap`, async () => {
        const body = { email: newAddress() }
        expect(tallied(await two.race(path, () => body, fromMany))).toEqual(split(1, 202))
      })

    test('the same sign-up, from fifty origins: five, of which three are mailed and one becomes the account', async () => {
      const email = newAddress()
      const visitors = Array.from({ length: AT_ONCE }, (_, index) => fromMany(index))
      const as = (index: number) => visitors[index] as ApiClient
      const signups = await two.race('/auth/signup', () => ({ email, password: PASSWORD }), as)
      expect(tallied(signups)).toEqual(split(5, 202))
      await expect.poll(() => two.records.claimsOf(email), { timeout: 60_000 }).toEqual([1, 1, 1])
      expect(await two.records.accountsOf(email)).toEqual({ pending: 3, verified: 0 })

      // Each of the three answers with what it was mailed, a third of the fifty times.
      const mails = (await mailTo(email, two.origin)).map(challengeIn)
      const owners = mails.map(({ challengeId }) => signups.findIndex(({ text }) => text.includes(challengeId)))
      const answers = await two.race(
        '/auth/verify',
        (index) => {
          const { challengeId, code: token } = mails[index % 3] ?? {}
          return { challengeId, token }
        },
        (index) => {
          const client = fromMany(index)
          for (const [name, value] of as(owners[index % 3] ?? -1).cookies) client.cookies.set(name, value)
          return client
        },
      )
      expect(tallied(answers)).toEqual({ 200: 1, 400: AT_ONCE - 1 })
      expect(await two.records.accountsOf(email)).toEqual({ pending: 0, verified: 1 })
      expect(await two.records.sessionsOf(email)).toBe(1)
    })

    test('mail: each of fifty is claimed once', async () => {
      const addresses = Array.from({ length: AT_ONCE }, newAddress)
      const body = (index: number) => ({ email: addresses[index], password: PASSWORD })
      expect(tallied(await two.race('/auth/signup', body, fromMany))).toEqual({ 202: AT_ONCE })
      const claims = () => Promise.all(addresses.map((email) => two.records.claimsOf(email)))
      await expect.poll(claims, { timeout: 60_000 }).toEqual(Array(AT_ONCE).fill([1]))
    })
  })
}
