import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDeps } from '../deps.ts'
import { Browser, testApp } from '../http.ts'
import { byCode, newestLetter } from '../journey.ts'
import { routes } from '../routes.ts'
import { ADDRESSES, BODIES, BROKEN_PASSWORDS, CONFUSED_PASSWORDS, NEXT_TRICKS } from './corpora.ts'
import { OWN_WORK_BELOW_MS, ownWork } from './own-work.ts'

// Whatever is sent, a route answers with one of its documented statuses, in the documented shape, after little work, and
// never breaks. `npm run attack:input` sends 10,000 to each and says how much work the costliest was. Hashing is no part
// of it: the app under test has a hasher that is instant.

const RUNS = Number(process.env.ATTACK_RUNS ?? 150)

const { session: _session, health: _health, mailbox: _mailbox, emptyMailbox: _emptyMailbox, ...posts } = routes
const names = Object.keys(posts) as (keyof typeof posts)[]

let deps: TestDeps
let costliest = { name: '', milliseconds: 0 }
beforeAll(async () => {
  deps = await testApp()
  // The words that no password may be are read at the first sign-up, once in the life of a process.
  await new Browser().json(routes.signup, { email: 'first@example.com', password: 'a lantern in the hall' })
})
afterAll(async () => {
  if (process.env.ATTACK_RUNS)
    process.stdout.write(`${RUNS * names.length} requests, costliest ${JSON.stringify(costliest)}\n`)
  await deps.db.close()
})

/** What would be refused by its size alone teaches nothing twice. */
const fits = (value: unknown) => typeof value !== 'string' || value.length < 16_000
const email: fc.Arbitrary<unknown> = fc.oneof(
  fc.emailAddress(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('ann@example.com', 'a@b', ...Object.values(ADDRESSES).flat().filter(fits)),
)
const token = fc.oneof(fc.stringMatching(/^[0-9]{6}$|^[0-9]{8}$|^[\w-]{43}$/u), fc.string({ unit: 'binary' }))
const password = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.constantFrom(...BROKEN_PASSWORDS.filter(fits), ...CONFUSED_PASSWORDS.flatMap(([, ...pair]) => pair)),
)
const field = {
  email,
  password,
  currentPassword: password,
  challengeId: fc.oneof(fc.stringMatching(/^[\w-]{22}$/u), fc.string()),
  token,
  remember: fc.oneof(fc.boolean(), fc.constantFrom('on', 'off', 1, null)),
  confirm: fc.boolean(),
  everywhere: fc.boolean(),
}
// Keys that exist, keys that do not, values of the right kind and of every other.
const likely = fc.record(field, { requiredKeys: [] })
const spoilt = fc
  .tuple(likely, fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 2 }))
  .map(([left, right]) => ({ ...left, ...right }))
const jsonText = fc.oneof(
  { arbitrary: likely.map((body) => JSON.stringify(body)), weight: 4 },
  spoilt.map((body) => JSON.stringify(body)),
  fc.json(),
  fc.string({ unit: 'binary' }),
)
const formText = fc
  .dictionary(fc.oneof(fc.constantFrom(...Object.keys(field)), fc.string()), fc.string({ unit: 'binary' }))
  .map((fields) => new URLSearchParams(fields).toString())

const request = fc.oneof(
  { arbitrary: fc.constantFrom(...BODIES).map(({ type, body }) => ({ type: type ?? '', body })), weight: 1 },
  {
    arbitrary: fc.record({
      type: fc.constant('application/json'),
      body: jsonText as fc.Arbitrary<string | Uint8Array<ArrayBuffer>>,
    }),
    weight: 6,
  },
  {
    arbitrary: fc.record({
      type: fc.constant('application/x-www-form-urlencoded'),
      body: fc.oneof(formText, fc.string({ unit: 'binary' })) as fc.Arbitrary<string | Uint8Array<ArrayBuffer>>,
    }),
    weight: 3,
  },
  fc.record({
    type: fc.constantFrom('application/json', 'text/plain', 'multipart/form-data', ''),
    body: fc.uint8Array({ maxLength: 20_000 }) as fc.Arbitrary<Uint8Array<ArrayBuffer>>,
  }),
)
/** Null: those of somebody who is signed in. */
const cookie = fc.oneof(
  fc.constantFrom('', null),
  fc.stringMatching(/^[ -~]{0,80}$/u),
  fc.constantFrom('__Host-session=x', '__Host-pending=%%%', '__Host-flash=e30', `__Host-session=${'a'.repeat(43)}`),
)
const address = fc
  .tuple(fc.nat({ max: 255 }), fc.nat({ max: 255 }), fc.nat({ max: 255 }))
  .map((parts) => `10.${parts.join('.')}`)

const next = fc.oneof(fc.constantFrom('', '/account', ...NEXT_TRICKS), fc.string())

const DOCUMENTED = [200, 202, 303, 400, 401, 403, 413, 415, 422, 429]

describe.each(names)('%s', (name) => {
  const visitor = new Browser(`192.0.2.${names.indexOf(name)}`)
  let signedIn = ''
  beforeAll(async () => {
    await visitor.json(routes.signup, { email: `${name}@example.com`, password: 'a lantern in the hall' })
    await visitor.json(routes.verify, byCode(newestLetter(deps)))
    signedIn = [...visitor.cookies].map(([key, value]) => `${key}=${value}`).join('; ')
    expect(signedIn).toContain('__Host-session=')
  })

  it('answers everything in its own words', { timeout: 20_000 + RUNS * 60 }, async () => {
    await fc.assert(
      fc.asyncProperty(request, cookie, address, next, async ({ type, body }, cookies, ip, next) => {
        const sent = cookies ?? signedIn
        const { result: response, milliseconds } = await ownWork(() =>
          new Browser(ip).send(
            routes[name],
            body as BodyInit,
            { 'content-type': type },
            { path: `/${name}?next=${encodeURIComponent(next)}`, headers: sent ? { cookie: sent } : {} },
          ),
        )
        if (milliseconds > costliest.milliseconds) costliest = { name, milliseconds: Math.round(milliseconds) }
        expect(milliseconds).toBeLessThan(OWN_WORK_BELOW_MS)
        expect(DOCUMENTED).toContain(response.status)
        const text = await response.text()
        if (response.status === 303) expect(response.headers.get('location')).toMatch(/^\/[a-z]/u)
        else
          expect(JSON.parse(text)).toMatchObject(
            response.ok ? { message: expect.any(String) } : { status: response.status, detail: expect.any(String) },
          )
      }),
      { numRuns: RUNS },
    )
  })
})
