/** Budgets, tries and one-time links, asked for at all instances at once with the limits that people meet. */
import { ApiClient, newAddress } from '../../e2e/api-client.ts'
import {
  SIGNIN_FAILURES_PER_ORIGIN,
  SIGNIN_FREE_FAILURES,
  SIGNUP_PER_EMAIL,
  TRIES_PER_CHALLENGE,
} from '../../lib/auth/policy.ts'
import { hostileSignin, type RawRequest, rawRequest } from '../abuse/raw-request.ts'
import { tallied, type Verdict } from '../abuse/verdict.ts'
import { challengeIn } from '../crash/letters.ts'
import { eventually } from '../failures/case.ts'
import type { Fleet } from './fleet.ts'
import { spreadOf } from './spread.ts'

const PASSWORD = 'a lantern in the hall'
/** More at once would fill the hash queues, which is another refusal. */
const AT_ONCE = 15
let clients = 0
/** All of 127.0.0.0/8 is this machine, and each address is an origin. */
const anotherClient = () => `127.44.${Math.floor(++clients / 250)}.${(clients % 250) + 1}`

async function inTurns(count: number, ask: (turn: number) => Promise<number>): Promise<number[]> {
  const statuses: number[] = []
  const turns = Array.from({ length: count }, (_, turn) => turn)
  const client = async () => {
    for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) statuses.push(await ask(turn))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, client))
  return statuses
}

const times = (statuses: number[], status: number) => statuses.filter((each) => each === status).length

async function oneOriginManyAccounts({ origin, instances }: Fleet): Promise<Verdict> {
  const localAddress = anotherClient()
  const statuses = await inTurns(80, () =>
    rawRequest(origin, '/auth/signin', { ...hostileSignin(newAddress()), localAddress }),
  )
  const { text, even } = spreadOf(instances, '/auth/signin')
  const held = times(statuses, 401) === SIGNIN_FAILURES_PER_ORIGIN.max && times(statuses, 429) === 80 - 20 && even
  return { attack: 'one origin guesses at 80 accounts', figure: `${tallied(statuses)}; answered by ${text}`, held }
}

async function manyOriginsOneAccount({ origin }: Fleet): Promise<Verdict> {
  const email = newAddress()
  const statuses = await inTurns(60, () =>
    rawRequest(origin, '/auth/signin', { ...hostileSignin(email), localAddress: anotherClient() }),
  )
  const held = times(statuses, 401) === SIGNIN_FREE_FAILURES && times(statuses, 429) === 60 - SIGNIN_FREE_FAILURES
  return { attack: '60 origins guess at one account', figure: tallied(statuses), held }
}

const jsonPost = (body: object, headers: Record<string, string> = {}): RawRequest => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

async function manySignupsOneAddress({ origin }: Fleet): Promise<Verdict> {
  const signup = jsonPost({ email: newAddress(), password: PASSWORD })
  const statuses = await inTurns(30, () =>
    rawRequest(origin, '/auth/signup', { ...signup, localAddress: anotherClient() }),
  )
  const held = times(statuses, 202) === SIGNUP_PER_EMAIL.max && times(statuses, 429) === 30 - SIGNUP_PER_EMAIL.max
  return { attack: '30 sign-ups with one address', figure: tallied(statuses), held }
}

/** A sign-up by its own browser, and the challenge that its letter holds. */
async function signedUp({ origin, inbox }: Fleet) {
  const client = new ApiClient(origin)
  const email = newAddress()
  const { status, text } = await client.call('/auth/signup', { email, password: PASSWORD })
  if (status !== 202) throw new Error(`A sign-up answered ${status}: ${text}`)
  await eventually(() => inbox.of(email, 'verify').length > 0, 20_000, 'No letter came')
  const [letter] = inbox.of(email, 'verify')
  if (!letter) throw new Error('No letter came.')
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return { cookie, ...challengeIn(letter) }
}

async function triesOfOneChallenge(fleet: Fleet): Promise<Verdict> {
  const { cookie, challengeId, code } = await signedUp(fleet)
  const guess = (token: string) =>
    rawRequest(fleet.origin, '/auth/verify', {
      ...jsonPost({ challengeId, token }, { cookie }),
      localAddress: anotherClient(),
    })
  const wrong = Array.from({ length: TRIES_PER_CHALLENGE }, (_, more) =>
    String((Number(code) + 1 + more) % 1_000_000).padStart(6, '0'),
  )
  const statuses = await Promise.all(wrong.map(guess))
  const right = await guess(code)
  const held = statuses.every((status) => status === 400) && right === 400
  const figure = `${tallied(statuses)}, then the right code: ${right}`
  return { attack: `${TRIES_PER_CHALLENGE} wrong codes at once, then the right one`, figure, held }
}

async function oneLinkManyTimes(fleet: Fleet): Promise<Verdict> {
  const { cookie, challengeId, linkToken: token } = await signedUp(fleet)
  const statuses = await inTurns(30, () =>
    rawRequest(fleet.origin, '/auth/verify', {
      ...jsonPost({ challengeId, token }, { cookie }),
      localAddress: anotherClient(),
    }),
  )
  const held = times(statuses, 200) === 1 && times(statuses, 400) === 29
  return { attack: 'one link, 30 times at once', figure: tallied(statuses), held }
}

const ACTS = [
  oneOriginManyAccounts,
  manyOriginsOneAccount,
  manySignupsOneAddress,
  triesOfOneChallenge,
  oneLinkManyTimes,
]

export async function holdLimits(fleet: Fleet): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const act of ACTS) verdicts.push(await act(fleet))
  return verdicts
}
