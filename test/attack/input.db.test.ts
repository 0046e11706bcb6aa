import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dialect } from '#db/schema/tables'
import { mailboxSender } from '#lib/mail/mailbox'
import { GET as changePasswordAddress } from '../../app/.well-known/change-password/route.ts'
import { GET as message } from '../../app/mailbox/messages/[id]/route.ts'
import type { TestDeps } from '../deps.ts'
import { Browser, type Route, testApp } from '../http.ts'
import { byCode, newestLetter } from '../journey.ts'
import { routes } from '../routes.ts'
import { OWN_WORK_BELOW_MS, ownWork } from './own-work.ts'
import { bodies, clientAddresses, cookies, forwardedFor, headers, nexts, paths, recipients } from './requests.ts'

// Whatever is sent, a route answers with one of its documented statuses, in the documented shape, after little work, and
// never breaks. `npm run attack:input` sends 10,000 to each and says how much work the costliest was. Hashing is no part
// of it: the app under test has a hasher that is instant.

const RUNS = Number(process.env.ATTACK_RUNS ?? 100)

const { session, sessions, health, mailbox, emptyMailbox, ...posts } = routes
const names = Object.keys(posts) as (keyof typeof posts)[]

let deps: TestDeps
let [requests, costliest] = [0, { name: '', milliseconds: 0 }]
beforeAll(async () => {
  deps = await testApp()
  // The words that no password may be are read at the first sign-up, once in the life of a process.
  await new Browser().json(routes.signup, { email: 'first@example.com', password: 'a lantern in the hall' })
})
afterAll(async () => {
  if (process.env.ATTACK_RUNS)
    process.stdout.write(`${dialect}: ${requests} requests, costliest ${JSON.stringify(costliest)}\n`)
  await deps.db.close()
})

/** Signs somebody up and in, and resolves with their cookies. */
async function signIn(name: string, ip: string): Promise<string> {
  const visitor = new Browser(ip)
  await visitor.json(routes.signup, { email: `${name}@example.com`, password: 'a lantern in the hall' })
  await visitor.json(routes.verify, byCode(newestLetter(deps)))
  const signedIn = [...visitor.cookies].map(([key, value]) => `${key}=${value}`).join('; ')
  expect(signedIn).toContain('__Host-session=')
  return signedIn
}

const visits = fc.record({
  cookie: cookies,
  headers,
  address: fc.oneof({ arbitrary: clientAddresses, weight: 9 }, { arbitrary: forwardedFor, weight: 1 }),
})
interface Visit {
  cookie: string | null
  headers: Record<string, string>
  address: string
}
interface Sent {
  visit: Visit
  signedIn: string
  path: string
  method?: string
  body?: BodyInit
  type?: string
}

/** Sends it, and holds what every route has in common. */
async function answerTo(name: string, route: Route, { visit, signedIn, path, method = 'GET', body, type }: Sent) {
  const cookie = visit.cookie ?? signedIn
  const options = { path, method, headers: { ...visit.headers, ...(cookie && { cookie }) } }
  const { result, milliseconds } = await ownWork(() =>
    new Browser(visit.address).send(route, body ?? null, type === undefined ? {} : { 'content-type': type }, options),
  )
  requests += 1
  if (milliseconds > costliest.milliseconds) costliest = { name, milliseconds: Math.round(milliseconds) }
  expect(milliseconds).toBeLessThan(OWN_WORK_BELOW_MS)
  if (result.status === 303) expect(result.headers.get('location')).toMatch(/^\/[a-z]/u)
  return result
}

const hold = <Noise>(noise: fc.Arbitrary<Noise>, check: (noise: Noise) => Promise<void>) =>
  fc.assert(fc.asyncProperty(noise, check), { numRuns: RUNS })

/** What any problem looks like, and `success` what the route answers otherwise. */
async function expectShape(response: Response, documented: number[], success: object) {
  expect(documented).toContain(response.status)
  const text = await response.text()
  if (response.status === 303) return
  expect(JSON.parse(text)).toMatchObject(
    response.ok ? success : { status: response.status, detail: expect.any(String) },
  )
}

const IN_TIME = { timeout: 20_000 + RUNS * 100 }

describe.each(names)('POST %s', (name) => {
  let signedIn = ''
  beforeAll(async () => {
    signedIn = await signIn(name, `192.0.2.${names.indexOf(name)}`)
  })

  it('answers everything in its own words', IN_TIME, async () => {
    await hold(fc.tuple(bodies, visits, nexts), async ([{ type, body }, visit, next]) => {
      const path = `/${name}?next=${encodeURIComponent(next)}`
      const response = await answerTo(name, routes[name], { visit, signedIn, path, method: 'POST', body, type })
      const documented = [200, 202, 303, 400, 401, 403, 413, 415, 422, 429]
      await expectShape(response, documented, { message: expect.any(String) })
    })
  })
})

describe('what is asked without a body', () => {
  let signedIn = ''
  beforeAll(async () => {
    signedIn = await signIn('asks', '198.51.100.1')
    const mail = { to: 'ann@example.com', subject: '</title>', html: '<html><head></head></html>', text: '\u2028' }
    expect(await mailboxSender(deps.db, deps.now).send({ id: 'a-mail', ...mail })).toEqual({ ok: true })
  })

  it.each([
    ['session', session, [200, 401], { user: {}, session: {} }],
    ['sessions', sessions, [200, 401], { sessions: [{ current: true }] }],
    ['health', health, [200], { status: 'ok' }],
  ] as const)('GET %s answers everybody in its own words', IN_TIME, async (name, route, documented, success) => {
    await hold(fc.tuple(visits, nexts), async ([visit, query]) => {
      const response = await answerTo(name, route, { visit, signedIn, path: `/?to=${encodeURIComponent(query)}` })
      await expectShape(response, [...documented], success)
    })
  })

  it('the address to change a password at leads to a form of this site', IN_TIME, async () => {
    await hold(visits, async (visit) => {
      const response = await answerTo('change-password', changePasswordAddress, { visit, signedIn, path: '/' })
      expect([response.status, response.headers.get('location')]).toEqual([
        303,
        expect.stringMatching(/^\/(?:account\/password|reset)$/u),
      ])
    })
  })

  it('GET mailbox lists the mail to whatever is asked for', IN_TIME, async () => {
    await hold(fc.tuple(visits, recipients), async ([visit, to]) => {
      const path = `/mailbox/messages?to=${encodeURIComponent(to.toWellFormed())}`
      const response = await answerTo('mailbox', mailbox, { visit, signedIn, path })
      await expectShape(response, [200], expect.any(Array))
    })
  })

  it('GET mailbox shows one mail, or says that there is none', IN_TIME, async () => {
    await hold(fc.tuple(visits, paths('a-mail')), async ([visit, id]) => {
      const path = `/mailbox/messages/${id}`
      const response = await answerTo('message', message, { visit, signedIn, path })
      if (id === 'a-mail') expect(await response.text()).toContain('<base target="_top">')
      else await expectShape(response, [404], {})
    })
  })

  it('DELETE mailbox empties it, for this site alone', IN_TIME, async () => {
    await hold(visits, async (visit) => {
      const path = '/mailbox/messages'
      const response = await answerTo('emptyMailbox', emptyMailbox, { visit, signedIn, path, method: 'DELETE' })
      await expectShape(response, [200, 403], { message: expect.any(String) })
    })
  })
})
