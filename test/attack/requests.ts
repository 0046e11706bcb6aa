import fc from 'fast-check'
import { ADDRESSES, BODIES, BROKEN_PASSWORDS, CONFUSED_PASSWORDS, NEXT_TRICKS } from './corpora.ts'

// What is sent: noise, with the corpora mixed in. Held against the routes by input.db.test.ts, and against the built app by
// `npm run attack:input`.

type Body = string | Uint8Array<ArrayBuffer>

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
  sessionIds: fc.oneof(fc.array(fc.oneof(fc.stringMatching(/^[\w-]{22}$/u), fc.string())), fc.string()),
  remember: fc.oneof(fc.boolean(), fc.constantFrom('on', 'off', 1, null)),
  confirm: fc.boolean(),
  everywhere: fc.boolean(),
}
// Keys that exist, keys that do not, values of the right kind and of every other.
const likely = fc.record(field, { requiredKeys: [] })
const spoilt = fc
  .tuple(likely, fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 2 }))
  .map(([left, right]) => ({ ...left, ...right }))
const jsonText: fc.Arbitrary<Body> = fc.oneof(
  { arbitrary: likely.map((body) => JSON.stringify(body)), weight: 4 },
  spoilt.map((body) => JSON.stringify(body)),
  fc.json(),
  fc.string({ unit: 'binary' }),
)
const formText = fc
  .dictionary(fc.oneof(fc.constantFrom(...Object.keys(field)), fc.string()), fc.string({ unit: 'binary' }))
  .map((fields) => new URLSearchParams(fields).toString())
/** One field very often, which a list may be given. */
const repeated = fc
  .tuple(fc.constantFrom('sessionIds', 'email'), fc.stringMatching(/^[\w-]{0,22}$/u), fc.nat({ max: 1_000 }))
  .map(([name, value, times]) => `currentPassword=x${`&${name}=${value}`.repeat(times)}`)

/** A body and the type it is said to have; '' for none. */
export const bodies: fc.Arbitrary<{ type: string; body: Body }> = fc.oneof(
  { arbitrary: fc.constantFrom(...BODIES).map(({ type, body }) => ({ type: type ?? '', body })), weight: 1 },
  { arbitrary: fc.record({ type: fc.constant('application/json'), body: jsonText }), weight: 6 },
  {
    arbitrary: fc.record({
      type: fc.constant('application/x-www-form-urlencoded'),
      body: fc.oneof(formText, repeated, fc.string({ unit: 'binary' })) as fc.Arbitrary<Body>,
    }),
    weight: 3,
  },
  fc.record({
    type: fc.constantFrom('application/json', 'text/plain', 'multipart/form-data', ''),
    body: fc.uint8Array({ maxLength: 20_000 }) as fc.Arbitrary<Body>,
  }),
)

const inBase64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
// What screens read of their cookies, each field of the right kind or of any.
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.maxSafeInteger(),
  fc.constantFrom(1e308, -1e308, 8.64e15 + 1),
)
const kept = fc.record(
  {
    screen: fc.oneof(fc.constantFrom('/signup', '/signin', '/verify', '/reset', '/reset/new', '/magic-link'), anything),
    kind: fc.constantFrom('failure', 'notice'),
    code: fc.oneof(
      fc.constantFrom('invalid_input', 'rate_limited', 'password_required', 'password_refused'),
      fc.string(),
    ),
    message: fc.string({ unit: 'binary' }),
    errors: fc.oneof(fc.array(fc.record({ field: fc.string(), code: fc.string(), message: fc.string() })), anything),
    retryAfter: anything,
    purpose: fc.constantFrom('verify', 'sign-in', 'reset'),
    challengeId: fc.oneof(fc.stringMatching(/^[\w-]{22}$/u), fc.string()),
    email: fc.oneof(email, anything),
    sentAt: fc.oneof(fc.maxSafeInteger(), anything),
    resendAt: fc.oneof(fc.maxSafeInteger(), anything),
    next: fc.oneof(fc.constantFrom(...NEXT_TRICKS), anything),
  },
  { requiredKeys: ['screen', 'kind', 'code', 'message', 'purpose', 'challengeId', 'email', 'sentAt', 'resendAt'] },
)

/** A `Cookie` header; '' for none, null for that of somebody who is signed in. */
export const cookies: fc.Arbitrary<string | null> = fc.oneof(
  fc.constantFrom('', null),
  fc.stringMatching(/^[ -~]{0,80}$/u),
  fc.constantFrom('__Host-session=x', '__Host-pending=%%%', '__Host-flash=e30', `__Host-session=${'a'.repeat(43)}`),
  fc
    .tuple(fc.constantFrom('__Host-pending', '__Host-flash'), fc.oneof(kept, fc.jsonValue()))
    .map(([name, value]) => `${name}=${inBase64(value)}`),
  kept.map((value) => `__Host-pending=${inBase64(value)}; __Host-flash=${inBase64(value)}`),
)

/** Somebody's address, another one nearly every time, so that no budget ends the run. */
export const clientAddresses = fc
  .tuple(fc.nat({ max: 255 }), fc.nat({ max: 255 }), fc.nat({ max: 255 }))
  .map((parts) => `10.${parts.join('.')}`)

/** What a header can hold at all: no control character but the tab, one byte each. */
const headerText = fc
  .array(
    fc.integer({ min: 0x20, max: 0xff }).map((byte) => (byte === 0x7f ? 9 : byte)),
    { maxLength: 300 },
  )
  .map((bytes) => String.fromCharCode(...bytes))
const said = (...usual: string[]) => fc.oneof(fc.constantFrom(...usual), headerText)

/** Headers that somebody looks at, or might. Some of other sites, which are refused. */
export const headers = fc.record(
  {
    'user-agent': said(
      '',
      'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      'Mozilla/5.0 '.repeat(99),
    ),
    'accept-language': said('de-DE,de;q=0.9', '*', 'x;q=1e309', '-'.repeat(300)),
    accept: said('text/html', 'application/json', '*/*;q=NaN', 'text/x-component'),
    origin: said('http://localhost:3000', 'null', 'https://evil.example', 'http://'),
    'sec-fetch-site': said('same-origin', 'none', 'cross-site', 'same-origin, cross-site'),
    'x-request-id': said('A'.repeat(22), '../../etc/passwd'),
    'x-forwarded-proto': said('https', 'javascript'),
    'if-none-match': said('*', '"x"'),
    range: said('bytes=0-0', 'bytes=9-1', 'lines=1-2'),
  },
  { requiredKeys: [] },
)

/** `X-Forwarded-For` as strangers write it. */
export const forwardedFor = said(
  '::ffff:192.0.2.1',
  'fe80::1%eth0',
  '192.0.2.1:99999',
  '1, 2,, 3',
  '[::1',
  '2001:db8::/32',
)

/** Where to go on to, as a query has it; decoded. */
export const nexts = fc.oneof(fc.constantFrom('', '/account', ...NEXT_TRICKS), fc.string({ unit: 'binary' }))

/** The end of a path as it is sent; `known` are ids of what is there. */
export const paths = (...known: string[]) =>
  fc.oneof(
    fc.constantFrom(
      '%',
      '%00',
      '%2e%2e',
      '%2f',
      '%ff',
      '[id]',
      "'or'1'='1",
      'A'.repeat(22),
      'A'.repeat(5000),
      ...known,
    ),
    fc.stringMatching(/^[\w-]{22}$/u),
    fc.string({ unit: 'binary', minLength: 1 }).map(encodeURIComponent),
  )

/** An address as a query asks for it: any text. */
export const recipients = fc.oneof(
  email.map((typed) => (typeof typed === 'string' ? typed : JSON.stringify(typed))),
  fc.string({ unit: 'binary' }),
)
