import { ApiClient } from '../../e2e/api-client.ts'
import { challengeIn, type Inbox, type Kind } from './letters.ts'
import type { Cookies, Step, Visit } from './visitors.ts'

/** Counts of what was acknowledged, and a sentence for each promise that was broken. */
export interface Audit {
  counts: Record<keyof typeof COUNTED | 'mails', number>
  broken: string[]
}

const COUNTED = {
  signups: 'signup',
  verifications: 'verified',
  signins: 'signedInByMail',
  resets: 'reset',
  changes: 'changed',
  signouts: 'signedOut',
  everywhere: 'signedOutEverywhere',
} as const satisfies Record<string, Step>

const bare = (origin: string, cookies?: Cookies) => {
  const client = new ApiClient(origin)
  for (const [name, value] of cookies ?? []) client.cookies.set(name, value)
  return client
}

const signIn = async (origin: string, email: string, password: string) =>
  (await bare(origin).call('/auth/signin', { email, password })).status

/** Says what is wrong, if anything is. */
type Check = (visit: Visit, origin: string, inbox: Inbox) => Promise<string | null>

const accountIsThere: Check = async ({ steps, email, password, newPassword }, origin) => {
  const { signup, verified, reset, changed } = steps
  if (signup !== 'yes') return null
  const replaced = reset === 'no' ? changed : reset
  const old = await signIn(origin, email, password)
  const fresh = replaced === 'no' ? 401 : await signIn(origin, email, newPassword)
  const said = `old password ${old}, new password ${fresh}`
  if (replaced === 'yes') return old === 401 && fresh === 200 ? null : `a new password was lost: ${said}`
  if (replaced === 'maybe') return [old, fresh].toSorted().join() === '200,401' ? null : `half a new password: ${said}`
  if (verified === 'yes') return old === 200 ? null : `a verification was lost: ${said}`
  const allowed = verified === 'maybe' ? [200, 403] : [403]
  return allowed.includes(old) ? null : `a sign-up was lost: ${said}`
}

const sessionsAreAsTheyWere: Check = async ({ sessions }, origin) => {
  for (const { cookies, ended } of sessions) {
    const { status } = await bare(origin, cookies).call('/auth/session')
    const right = { no: [200], maybe: [200, 401], yes: [401] }[ended]
    if (!right.includes(status)) return `a session answered ${status} after its end was "${ended}"`
  }
  return null
}

/** Each letter with a code and a link: who asked for it, and what it is answered with where. Resets last: they end the others. */
const ANSWERS = [
  { kind: 'verify', asked: 'signup', answered: 'verified', path: '/auth/verify', more: {}, from: 'device' },
  {
    kind: 'sign-in',
    asked: 'signinAsked',
    answered: 'signedInByMail',
    path: '/auth/verify',
    more: {},
    from: 'otherDevice',
  },
  {
    kind: 'reset',
    asked: 'resetAsked',
    answered: 'reset',
    path: '/auth/password/reset',
    more: { password: 'a third lantern for nobody' },
    from: 'device',
  },
] as const

/** A letter's code and link, tried once more. What was used up answers 400; a letter still waiting is answered now. */
const nothingWorksTwice: Check = async (visit, origin, inbox) => {
  for (const { kind, asked, answered, path, more, from } of ANSWERS) {
    const [letter] = inbox.of(visit.email, kind)
    if (visit.steps[asked] !== 'yes' || !letter) continue
    const { challengeId, code, linkToken } = challengeIn(letter)
    const client = bare(origin, visit[from])
    const answer = async (token: string) => (await client.call(path, { challengeId, token, ...more })).status
    const [first, second] = [await answer(code), await answer(linkToken)]
    const outcome = visit.steps[answered]
    const right = { no: [200], maybe: [200, 400], yes: [400] }[outcome]
    if (!right.includes(first)) return `a code to ${kind} answered ${first} after "${outcome}"`
    if (second !== 400) return `a used link to ${kind} answered ${second}`
  }
  return null
}

/** Letters that an acknowledged request owes, one of each. */
const owed = ({ steps }: Visit): Kind[] => [
  ...(steps.signup === 'yes' ? (['verify'] as const) : []),
  ...(steps.signinAsked === 'yes' ? (['sign-in'] as const) : []),
  ...(steps.resetAsked === 'yes' ? (['reset'] as const) : []),
  ...(steps.reset === 'yes' || steps.changed === 'yes' ? (['changed'] as const) : []),
]

export const isStillOwed = (visits: Visit[], inbox: Inbox) =>
  visits.some((visit) => owed(visit).some((kind) => inbox.of(visit.email, kind).length === 0))

const mailArrived: Check = async (visit, _origin, inbox) => {
  const wrong = owed(visit).filter((kind) => inbox.of(visit.email, kind).length !== 1)
  return wrong.length === 0 ? null : `not exactly one letter: ${wrong.join(', ')}`
}

/** Order matters: the last one uses up what still waits, so whoever looks at accounts and sessions comes before. */
const CHECKS = [mailArrived, accountIsThere, sessionsAreAsTheyWere, nothingWorksTwice]

export async function audit(visits: Visit[], origin: string, inbox: Inbox): Promise<Audit> {
  const broken: string[] = []
  const queue = [...visits]
  const auditor = async () => {
    for (let visit = queue.shift(); visit; visit = queue.shift())
      for (const check of CHECKS) {
        const wrong = await check(visit, origin, inbox)
        if (wrong !== null) broken.push(`${visit.email}: ${wrong}`)
      }
  }
  await Promise.all(Array.from({ length: 4 }, auditor))
  const count = (step: Step) => visits.filter(({ steps }) => steps[step] === 'yes').length
  const counts = Object.entries(COUNTED).map(([name, step]) => [name, count(step)])
  const mails = visits.flatMap(owed).length
  return { counts: { ...Object.fromEntries(counts), mails }, broken }
}
