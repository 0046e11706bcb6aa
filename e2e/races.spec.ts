import { expect, test } from 'playwright/test'
import { type ApiClient, newAddress, newestChallenge } from './api-client.ts'
import { AT_ONCE, DATABASES, startTwoProcesses, type TwoProcesses, tallied } from './two-processes.ts'

// Fifty at once, from two server processes on one database: exactly one winner, exactly the tries, never a 5xx.
// What has a budget is raced in races-budgets.spec.ts.

const PASSWORD = 'a lantern in the hall'
/** One of fifty, and everybody else was refused. */
const ONE_WINNER = { 200: 1, 400: AT_ONCE - 1 }
const TRIES = 5

for (const database of DATABASES) {
  test.describe(`on ${database}`, () => {
    test.describe.configure({ mode: 'default' })
    let two: TwoProcesses
    test.beforeAll(async () => {
      two = await startTwoProcesses(database, { LIMIT_SCALE: '1000' })
    })
    test.afterAll(() => two.stop())

    /** The browser of `visitor`, asking at both processes. */
    const as = (visitor: ApiClient) => (index: number) => {
      const client = two.client(index)
      for (const [name, value] of visitor.cookies) client.cookies.set(name, value)
      return client
    }

    async function signedUp() {
      const [visitor, email] = [two.client(0), newAddress()]
      expect((await visitor.call('/auth/signup', { email, password: PASSWORD })).status).toBe(202)
      return { visitor, email, ...(await newestChallenge(two.origin, email)) }
    }

    async function confirmed() {
      const story = await signedUp()
      const { challengeId, code: token } = story
      expect((await story.visitor.call('/auth/verify', { challengeId, token })).status).toBe(200)
      return story
    }

    /** Somebody with an account who has asked for a mail to sign in or to reset. */
    async function asked(path: string) {
      const { visitor, email, mail } = await confirmed()
      expect((await visitor.call(path, { email })).status).toBe(202)
      return { visitor, email, ...(await newestChallenge(two.origin, email, mail)) }
    }

    for (const [by, secret] of [
      ['code', 'code'],
      ['link', 'linkToken'],
    ] as const) {
      test(`one ${by} of a sign-up`, async () => {
        const { visitor, email, challengeId, [secret]: token } = await signedUp()
        expect(tallied(await two.race('/auth/verify', () => ({ challengeId, token }), as(visitor)))).toEqual(ONE_WINNER)
        expect(await two.records.sessionsOf(email)).toBe(1)
      })

      test(`one ${by} of a sign-in`, async () => {
        const { visitor, email, challengeId, [secret]: token } = await asked('/auth/signin/request')
        const before = await two.records.sessionsOf(email)
        expect(tallied(await two.race('/auth/verify', () => ({ challengeId, token }), as(visitor)))).toEqual(ONE_WINNER)
        // The winner's own session of before ends as the new one begins.
        expect([before, await two.records.sessionsOf(email)]).toEqual([1, 1])
      })

      test(`one ${by} of a reset`, async () => {
        const { visitor, email, challengeId, [secret]: token } = await asked('/auth/password/reset/request')
        const body = (index: number) => ({ challengeId, token, password: `an entirely new password ${index}` })
        const answers = await two.race('/auth/password/reset', body, as(visitor))
        expect(tallied(answers)).toEqual(ONE_WINNER)
        expect(await two.records.sessionsOf(email)).toBe(0)
        const winner = answers.findIndex(({ status }) => status === 200)
        const signin = (index: number) => two.client(1).call('/auth/signin', { email, password: body(index).password })
        expect([(await signin(winner)).status, (await signin((winner + 1) % AT_ONCE)).status]).toEqual([200, 401])
        await expect.poll(() => two.records.claimsOf(email, 'password-changed'), { timeout: 60_000 }).toEqual([1])
      })
    }

    test('one sign-in link, confirmed elsewhere', async () => {
      const { email, challengeId, linkToken: token } = await asked('/auth/signin/request')
      expect(tallied(await two.race('/auth/verify', () => ({ challengeId, token, confirm: true })))).toEqual(ONE_WINNER)
      expect(await two.records.sessionsOf(email)).toBe(2)
    })

    /** A code of the same length that is not the right one. */
    const wrong = (code: string) => code.replace(/\d$/u, (digit) => String((Number(digit) + 1) % 10))

    test('fifty wrong tries: five are counted, and not even the right code works after them', async () => {
      const { visitor, email, challengeId, code } = await signedUp()
      const tries = await two.race('/auth/verify', () => ({ challengeId, token: wrong(code) }), as(visitor))
      expect(tallied(tries)).toEqual({ 400: AT_ONCE })
      expect([await two.records.attemptsOf(challengeId), await two.records.refusedAnswers(email)]).toEqual([
        TRIES,
        TRIES,
      ])
      expect((await visitor.call('/auth/verify', { challengeId, token: code })).status).toBe(400)
      expect(await two.records.attemptsOf(challengeId)).toBe(TRIES)
    })

    test('four wrong tries: four are counted, and the right code works after them', async () => {
      const { visitor, challengeId, code } = await signedUp()
      const clients = Array.from({ length: TRIES - 1 }, (_, index) => as(visitor)(index))
      const tries = clients.map((each) => each.call('/auth/verify', { challengeId, token: wrong(code) }))
      expect(tallied(await Promise.all(tries))).toEqual({ 400: TRIES - 1 })
      expect(await two.records.attemptsOf(challengeId)).toBe(TRIES - 1)
      expect((await visitor.call('/auth/verify', { challengeId, token: code })).status).toBe(200)
    })

    test('sessions of one account: twenty', async () => {
      const { email } = await confirmed()
      const browsers = Array.from({ length: AT_ONCE }, (_, index) => two.client(index))
      const signins = await two.race(
        '/auth/signin',
        () => ({ email, password: PASSWORD }),
        (index) => browsers[index] as ApiClient,
      )
      expect(tallied(signins)).toEqual({ 200: AT_ONCE })
      expect(await two.records.sessionsOf(email)).toBe(20)
      expect(tallied(await Promise.all(browsers.map((each) => each.call('/auth/session'))))).toEqual({
        200: 20,
        401: AT_ONCE - 20,
      })
    })
  })
}
