import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { encodePending } from '#lib/http/flash'
import { makeHasher } from '#lib/passwords/hasher'
import { parseEmail } from '#lib/schemas'
import type { TestDeps } from '../deps.ts'
import { Browser, problemCode, testApp } from '../http.ts'
import { byCode, newestLetter, PASSWORD } from '../journey.ts'
import { routes } from '../routes.ts'
import { ADDRESSES, BODIES, BROKEN_PASSWORDS, CONFUSED_PASSWORDS, NEXT_TRICKS, OWNER } from './corpora.ts'
import { OWN_WORK_BELOW_MS, ownWork } from './own-work.ts'

// The corpora of corpora.ts, whole, at every door that takes such a thing.

const hasher = makeHasher({ cost: 4, secret: 'a'.repeat(43), threads: 1, queue: 4 })
let deps: TestDeps
let calls = 0
/** Somebody at an address of their own, so that no budget ends the test. */
const visitor = () => {
  calls += 1
  return new Browser(`10.${(calls >> 16) & 255}.${(calls >> 8) & 255}.${calls & 255}`)
}
beforeAll(async () => {
  deps = await testApp()
  // The words that no password may be are read at the first sign-up, once in the life of a process.
  await visitor().json(routes.signup, { email: 'first@example.com', password: PASSWORD })
})
afterAll(async () => {
  await hasher.close()
  await deps.db.close()
})

const {
  session: _session,
  sessions: _sessions,
  health: _health,
  mailbox: _mailbox,
  emptyMailbox: _emptyMailbox,
  ...posts
} = routes
const POSTS = Object.entries(posts)
const TAKES_ADDRESS = ['signup', 'verifyRequest', 'signin', 'signinRequest', 'resetRequest'] as const

describe('addresses', () => {
  const long = (value: unknown) => String(JSON.stringify(value)).slice(0, 60)

  describe.each(Object.entries(ADDRESSES))('%s', (kind, addresses) => {
    it.each(addresses.map((address) => [long(address), address]))(
      '%s is refused, or is what it says',
      async (_, email) => {
        const parsed = typeof email === 'string' ? parseEmail(email) : null
        if (['controls', 'shapes', 'long'].includes(kind)) expect(parsed).toBeNull()
        // What is taken is the owner's account or another one by its own right: no letter before the @ was exchanged.
        if (parsed !== null && parsed !== OWNER) expect(email).toContain(parsed.slice(0, parsed.lastIndexOf('@') + 1))
        for (const name of TAKES_ADDRESS) {
          const password = name === 'signup' || name === 'signin' ? { password: PASSWORD } : {}
          const before = deps.mails.length
          const answer = await ownWork(() => visitor().json(routes[name], { email, ...password }))
          expect(answer.milliseconds, name).toBeLessThan(OWN_WORK_BELOW_MS)
          expect([200, 202, 401, 403, 413, 422, 429], name).toContain(answer.result.status)
          if (parsed === null) expect([413, 422], name).toContain(answer.result.status)
          for (const { to } of deps.mails.slice(before)) expect(to).toBe(parsed)
          if (typeof email !== 'string') continue
          const byForm = await visitor().form(routes[name], { email, ...password })
          expect([303, 413], name).toContain(byForm.status)
        }
      },
    )
  })

  it('of which a million characters are read by nobody, also where no body ends them', async () => {
    for (const typed of ADDRESSES.long) {
      const { milliseconds, result } = await ownWork(async () => parseEmail(typed))
      expect(result).toBeNull()
      expect(milliseconds).toBeLessThan(OWN_WORK_BELOW_MS)
    }
  })
})

describe('passwords', () => {
  it.each(CONFUSED_PASSWORDS)('%s makes another password', async (what, password, tried) => {
    const real = await testApp()
    Object.assign(real, { passwords: hasher })
    const account = { email: `${calls}@example.com`, password }
    const ann = visitor()
    expect((await ann.json(routes.signup, account)).status, what).toBe(202)
    expect((await ann.json(routes.verify, byCode(newestLetter(real)))).status).toBe(200)
    expect(await problemCode(await visitor().json(routes.signin, { ...account, password: tried }))).toEqual([
      401,
      'invalid_credentials',
    ])
    expect((await visitor().json(routes.signin, account)).status).toBe(200)
    await real.db.close()
    Object.assign(globalThis, { [Symbol.for('vestibule.deps')]: deps })
  })

  it.each(BROKEN_PASSWORDS.map((password) => [JSON.stringify(password).slice(0, 40), password]))(
    '%s is refused wherever one is typed, in little time',
    async (_, password) => {
      const challenge = { challengeId: 'A'.repeat(22), token: '123456' }
      const choosing = [
        [routes.signup, { email: OWNER, password }],
        [routes.reset, { ...challenge, password }],
      ] as const
      const comparing = [
        [routes.signin, { email: OWNER, password }],
        [routes.verify, { ...challenge, password }],
      ] as const
      // One that is merely too long to be chosen may be compared: rules change, and passwords of before stay.
      const only = password.isWellFormed() && !password.includes('\0') && password.length <= 1024
      for (const [route, body] of only ? choosing : [...choosing, ...comparing]) {
        const { result, milliseconds } = await ownWork(() => visitor().json(route, body))
        expect([413, 422]).toContain(result.status)
        expect(milliseconds).toBeLessThan(OWN_WORK_BELOW_MS)
      }
    },
  )
})

test('there are forty tricks to be sent elsewhere, and each is another', () => {
  expect(new Set(NEXT_TRICKS).size).toBe(NEXT_TRICKS.length)
  expect(NEXT_TRICKS.length).toBeGreaterThanOrEqual(40)
})

describe('next=', () => {
  it.each(NEXT_TRICKS.map((next) => [JSON.stringify(next).slice(0, 60), next]))(
    '%s leads nowhere else',
    async (_, next) => {
      const account = { email: 'nia@example.com', password: PASSWORD }
      const here = 'http://localhost:3000'
      const query = `?next=${encodeURIComponent(next)}`
      const kept = encodePending({
        purpose: 'verify',
        challengeId: 'A'.repeat(22),
        email: OWNER,
        sentAt: 1,
        resendAt: 1,
        next,
      })
      const answers = [
        await visitor().form(routes.signin, account, { path: `/auth/signin${query}` }),
        await visitor().form(routes.signinRequest, { email: account.email }, { path: `/auth/signin/request${query}` }),
        await visitor().form(routes.signup, account, { path: `/auth/signup${query}` }),
        await visitor().form(routes.verify, {}, { headers: { cookie: `__Host-pending=${kept}` } }),
      ]
      for (const answer of answers) {
        const location = answer.headers.get('location') ?? ''
        expect(answer.status).toBe(303)
        expect(location).toMatch(/^\/[a-z-]+(?:\/new)?$/u)
        expect(new URL(location, here).origin).toBe(here)
      }
    },
  )
})

describe.each(POSTS)('%s takes no body that is', (_name, route) => {
  it.each(BODIES)('$what', async ({ type, body, headers = {} }) => {
    const sent = type === null ? {} : { 'content-type': type }
    const { result, milliseconds } = await ownWork(() => visitor().send(route, body, sent, { headers }))
    expect(milliseconds).toBeLessThan(OWN_WORK_BELOW_MS)
    if (result.status === 303)
      expect(result.headers.get('location')).toMatch(/^\/[a-z-]+(?:\/(?:new|password|sessions))?$/u)
    else expect([400, 413, 415, 422]).toContain(result.status)
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
    expect(
      result.headers
        .getSetCookie()
        .filter((cookie) => cookie.startsWith('__Host-session=') && !cookie.includes('Max-Age=0')),
    ).toEqual([])
  })
})
