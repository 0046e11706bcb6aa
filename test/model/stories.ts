import fc from 'fast-check'
import type { Act, ActOf, By, MailPick } from './acts.ts'

const [HOUR, DAY] = [60, 24 * 60]

const small = fc.nat({ max: 5 })
const mostly = <T, U>(usual: fc.Arbitrary<T>, seldom: fc.Arbitrary<U>) =>
  fc.oneof({ arbitrary: usual, weight: 3 }, { arbitrary: seldom, weight: 1 })
const asking = mostly(fc.constant(null), small)
const right = mostly(fc.constant('right' as const), small)
const mail: fc.Arbitrary<MailPick> = fc.record({
  among: mostly(fc.constant('fitting' as const), fc.constant('all' as const)),
  back: mostly(fc.constant(0), fc.nat({ max: 8 })),
})
const by = fc.constantFrom<By>('code', 'code', 'code', 'link', 'link', 'link', 'wrong', 'crossed')

const act = <Name extends Act['do']>(
  name: Name,
  fields: { [Key in keyof Omit<ActOf<Name>, 'do'>]: fc.Arbitrary<ActOf<Name>[Key]> },
) => fc.record({ do: fc.constant(name), ...fields }) as unknown as fc.Arbitrary<Act>

const request = (...what: ActOf<'request'>['what'][]) =>
  act('request', { what: fc.constantFrom(...what), device: small, address: small, remember: fc.boolean() })
const signup = act('signup', { device: small, address: small, password: small })
const signin = act('signin', { device: small, address: small, password: right, remember: fc.boolean() })
const verify = act('verify', {
  device: asking,
  mail,
  by,
  password: mostly(right, fc.constant(null)),
  confirm: fc.boolean(),
  remember: fc.option(fc.boolean()),
})
const reset = act('reset', { device: asking, mail, by, password: small })
const change = act('change', { device: small, current: right, password: small })
const endSessions = act('endSessions', {
  device: small,
  current: right,
  chosen: fc.uniqueArray(fc.nat({ max: 7 }), { minLength: 2, maxLength: 6 }),
})
const preview = act('preview', { device: asking, mail, by })
const reject = act('reject', { device: asking, mail, by })
const disable = act('disable', { address: small, on: fc.constantFrom(true, false, false) })
const crowd = act('crowd', { address: small, windows: fc.integer({ min: 12, max: 24 }) })
const visit = act('visit', {
  device: small,
  every: fc.constantFrom(4, 7, 11 * HOUR, 13 * DAY),
  times: fc.constantFrom(1, 1, 3),
})
/** The next in the browser of the first. */
const inOneBrowser = (first: fc.Arbitrary<Act>, next: fc.Arbitrary<Act>): fc.Arbitrary<Act[]> =>
  fc.tuple(small, first, next).map(([device, ...both]) => both.map((each) => ({ ...each, device }) as Act))

const alone = fc.oneof(
  signup,
  signin,
  request('requestVerification', 'requestSignin', 'requestPasswordReset'),
  verify,
  reset,
  change,
  endSessions,
  visit,
  preview,
  preview,
  reject,
  act('signout', { device: small, everywhere: fc.boolean() }),
  disable,
  act('sweep', {}),
  act('wait', { minutes: fc.constantFrom(1, 1, 6, 11, 31, 13 * HOUR, 25 * HOUR, 15 * DAY) }),
)

const entrance = fc.tuple(signup, verify)
/** Acts that follow one upon the other when somebody means something by them; single ones stand for all other orders. */
const story = fc.oneof(
  { arbitrary: alone.map((one) => [one]), weight: 8 },
  { arbitrary: entrance, weight: 2 },
  { arbitrary: fc.tuple(request('requestSignin'), verify), weight: 3 },
  { arbitrary: fc.tuple(request('requestPasswordReset'), reset), weight: 3 },
  { arbitrary: fc.tuple(signup, reject), weight: 1 },
  { arbitrary: fc.tuple(signin, disable), weight: 1 },
  { arbitrary: fc.tuple(signin, crowd), weight: 1 },
  { arbitrary: inOneBrowser(signin, change), weight: 2 },
  { arbitrary: inOneBrowser(signin, visit), weight: 2 },
  { arbitrary: inOneBrowser(signin, endSessions), weight: 2 },
)

/** What all visitors of one database do, in order: 16 to 42 acts. Nearly all else wants somebody who has come in. */
export const acts: fc.Arbitrary<Act[]> = fc
  .tuple(entrance, fc.array(story, { minLength: 14, maxLength: 20, size: 'max' }))
  .map(([first, stories]) => [...first, ...stories.flat()])
