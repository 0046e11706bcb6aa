import { ApiClient } from '../../e2e/api-client.ts'
import { challengeIn, type Inbox, type Kind } from './letters.ts'
import type { Visit } from './visitors.ts'

/** Counts of what was acknowledged, and a sentence for each promise that was broken. */
export interface Audit {
  counts: Record<'signups' | 'verifications' | 'resets' | 'signouts' | 'mails', number>
  broken: string[]
}

const bare = (origin: string, cookies?: Map<string, string>) => {
  const client = new ApiClient(origin)
  for (const [name, value] of cookies ?? []) client.cookies.set(name, value)
  return client
}

const signIn = async (origin: string, email: string, password: string) =>
  (await bare(origin).call('/auth/signin', { email, password })).status

/** Says what is wrong, if anything is. */
type Check = (visit: Visit, origin: string, inbox: Inbox) => Promise<string | null>

const accountIsThere: Check = async ({ signup, verified, reset, email, password, newPassword }, origin) => {
  if (signup !== 'yes') return null
  const old = await signIn(origin, email, password)
  const fresh = reset === 'no' ? 401 : await signIn(origin, email, newPassword)
  const said = `old password ${old}, new password ${fresh}`
  if (reset === 'yes') return old === 401 && fresh === 200 ? null : `a reset was lost: ${said}`
  if (reset === 'maybe') return [old, fresh].toSorted().join() === '200,401' ? null : `half a reset: ${said}`
  if (verified === 'yes') return old === 200 ? null : `a verification was lost: ${said}`
  const allowed = verified === 'maybe' ? [200, 403] : [403]
  return allowed.includes(old) ? null : `a sign-up was lost: ${said}`
}

/** A letter's code and link, tried once more. What was used up answers 400; a sign-up still waiting is confirmed now. */
const nothingWorksTwice: Check = async (visit, origin, inbox) => {
  const [letter] = inbox.of(visit.email, 'verify')
  if (visit.signup !== 'yes' || !letter) return null
  const { challengeId, code, linkToken } = challengeIn(letter)
  const client = bare(origin, visit.device)
  const answer = async (token: string) => (await client.call('/auth/verify', { challengeId, token })).status
  const [first, second] = [await answer(code), await answer(linkToken)]
  const works = visit.verified === 'no' ? [200] : visit.verified === 'maybe' ? [200, 400] : [400]
  if (!works.includes(first)) return `a code answered ${first} after "${visit.verified}"`
  return second === 400 ? null : `a used link answered ${second}`
}

const resetWorksOnce: Check = async ({ reset, email }, origin, inbox) => {
  const [letter] = inbox.of(email, 'reset')
  if (reset !== 'yes' || !letter) return null
  const { challengeId, linkToken: token } = challengeIn(letter)
  const body = { challengeId, token, password: 'a third lantern for nobody' }
  const { status } = await bare(origin).call('/auth/password/reset', body)
  return status === 400 ? null : `a used reset answered ${status}`
}

const endedSessionsAreDead: Check = async ({ signedOut, reset, signedIn, verified }, origin) => {
  if (!signedIn) return null
  const { status } = await bare(origin, signedIn).call('/auth/session')
  if (signedOut === 'yes' || reset === 'yes') return status === 401 ? null : `an ended session answered ${status}`
  const lives = verified === 'yes' && signedOut === 'no' && reset === 'no'
  return lives && status !== 200 ? `a session was lost: ${status}` : null
}

/** Letters that an acknowledged request owes, and how many of each at most. */
const owed = ({ signup, resetAsked, reset }: Visit): Kind[] => [
  ...(signup === 'yes' ? (['verify'] as const) : []),
  ...(resetAsked === 'yes' ? (['reset'] as const) : []),
  ...(reset === 'yes' ? (['changed'] as const) : []),
]

export const isStillOwed = (visits: Visit[], inbox: Inbox) =>
  visits.some((visit) => owed(visit).some((kind) => inbox.of(visit.email, kind).length === 0))

const mailArrived: Check = async (visit, _origin, inbox) => {
  const wrong = owed(visit).filter((kind) => inbox.of(visit.email, kind).length !== 1)
  return wrong.length === 0 ? null : `not exactly one letter: ${wrong.join(', ')}`
}

/** Order matters: the last but one uses up what still waits, so whoever looks at accounts comes before. */
const CHECKS = [mailArrived, accountIsThere, endedSessionsAreDead, nothingWorksTwice, resetWorksOnce]

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
  const count = (step: 'signup' | 'verified' | 'reset' | 'signedOut') =>
    visits.filter((visit) => visit[step] === 'yes').length
  const mails = visits.flatMap(owed).length
  const said = { signups: count('signup'), verifications: count('verified'), resets: count('reset') }
  return { counts: { ...said, signouts: count('signedOut'), mails }, broken }
}
