import { setTimeout as wait } from 'node:timers/promises'
import { ApiClient, newAddress } from '../../e2e/api-client.ts'
import { challengeIn, type Inbox, type Kind } from './letters.ts'

const NO_ANSWER = 0
const LETTER_WITHIN_MS = 3_000

/**
 * What became of one request: `yes`, the app said it is done, so it must stay done; `maybe`, it was killed before it
 * answered, so both are right; `no`, it was never asked.
 */
type Outcome = 'no' | 'maybe' | 'yes'
export type Cookies = Map<string, string>

/** What a visitor may ask for, in the order of asking; no visit has all of them. */
const STEPS = [
  'signup',
  'verified',
  'signedOut',
  'signinAsked',
  'signedInByMail',
  'signedOutEverywhere',
  'resetAsked',
  'reset',
  'changed',
] as const
export type Step = (typeof STEPS)[number]

/** A session as its browser held it, and whether something has ended it since. */
interface Session {
  cookies: Cookies
  ended: Outcome
}

/** Everything one visitor was told. */
export interface Visit {
  email: string
  password: string
  /** Chosen by a reset or a change. */
  newPassword: string
  steps: Record<Step, Outcome>
  /** Cookies of the browser that signed up and asked for a reset, and of the one that asked to sign in by mail. */
  device: Cookies
  otherDevice: Cookies
  sessions: Session[]
}

const AFTER = { 202: 'yes', 200: 'yes', [NO_ANSWER]: 'maybe' } as Record<number, Outcome>
/** Answers that no kill explains. */
export type Surprise = { path: string; status: number; text: string }

/** A person at two browsers: signs up, confirms, and then does what chance has chosen. */
export class Visitor {
  readonly visit: Visit
  readonly #client: ApiClient
  readonly #other: ApiClient
  readonly #inbox: Inbox
  readonly #surprises: Surprise[]
  readonly #acknowledged: () => void

  /** `acknowledged` is called whenever the app has said that something is done. */
  constructor(origin: string, inbox: Inbox, surprises: Surprise[], acknowledged: () => void = () => undefined) {
    this.#client = new ApiClient(origin)
    this.#other = new ApiClient(origin)
    this.#inbox = inbox
    this.#surprises = surprises
    this.#acknowledged = acknowledged
    this.visit = {
      email: newAddress(),
      password: 'a lantern in the hall',
      newPassword: 'another lantern by the door',
      steps: Object.fromEntries(STEPS.map((step) => [step, 'no'])) as Record<Step, Outcome>,
      device: this.#client.cookies,
      otherDevice: this.#other.cookies,
      sessions: [],
    }
  }

  /** Whether the app said that it is done. */
  async #do(step: Step, path: string, body: object, client = this.#client): Promise<boolean> {
    this.visit.steps[step] = await this.#ask(path, body, client)
    return this.visit.steps[step] === 'yes'
  }

  async #ask(path: string, body: object, client: ApiClient): Promise<Outcome> {
    try {
      const { status, text } = await client.call(path, body)
      const outcome = AFTER[status]
      if (outcome === undefined) this.#surprises.push({ path, status, text: text.slice(0, 400) })
      else this.#acknowledged()
      return outcome ?? 'maybe'
    } catch {
      return 'maybe'
    }
  }

  /** What to answer the letter with, its code or the token of its link; null when none comes. */
  async #answerTo(kind: Kind, by: 'code' | 'linkToken'): Promise<{ challengeId: string; token: string } | null> {
    const deadline = Date.now() + LETTER_WITHIN_MS
    while (Date.now() < deadline) {
      const [letter] = this.#inbox.of(this.visit.email, kind)
      if (letter) {
        const challenge = challengeIn(letter)
        return { challengeId: challenge.challengeId, token: challenge[by] }
      }
      await wait(10)
    }
    return null
  }

  /** `chance` is from 0 to 99. Ends early where the app was killed: what was said until then is in `visit`. */
  async live(chance: number): Promise<void> {
    const { email, password } = this.visit
    const by = chance % 2 === 0 ? 'code' : 'linkToken'
    const signedUp = await this.#do('signup', '/auth/signup', { email, password })
    const answer = signedUp ? await this.#answerTo('verify', by) : null
    if (!answer || chance < 15) return
    if (!(await this.#do('verified', '/auth/verify', answer))) return
    this.#holdSession(this.#client)
    if (chance < 25) await this.#signOut()
    else if (chance < 65) await this.#signInByMail(by, chance)
    else if (chance < 80) await this.#resetPassword(by)
    else if (chance < 92) await this.#changePassword(this.#client)
  }

  #holdSession({ cookies }: ApiClient): void {
    this.visit.sessions.push({ cookies: new Map(cookies), ended: 'no' })
  }

  #endSessions(ended: Outcome): void {
    for (const session of this.visit.sessions) session.ended = ended
  }

  async #signOut(): Promise<void> {
    await this.#do('signedOut', '/auth/signout', {})
    this.#endSessions(this.visit.steps.signedOut)
  }

  /** Signs in by mail in the other browser; what some do there then ends the first browser's session too. */
  async #signInByMail(by: 'code' | 'linkToken', chance: number): Promise<void> {
    const { email } = this.visit
    const asked = await this.#do('signinAsked', '/auth/signin/request', { email }, this.#other)
    const answer = asked ? await this.#answerTo('sign-in', by) : null
    if (!answer || !(await this.#do('signedInByMail', '/auth/verify', answer, this.#other))) return
    this.#holdSession(this.#other)
    if (chance < 40) await this.#signOutEverywhere()
    else if (chance < 55) await this.#changePassword(this.#other)
  }

  async #signOutEverywhere(): Promise<void> {
    await this.#do('signedOutEverywhere', '/auth/signout', { everywhere: true }, this.#other)
    this.#endSessions(this.visit.steps.signedOutEverywhere)
  }

  async #resetPassword(by: 'code' | 'linkToken'): Promise<void> {
    const { email, newPassword, steps } = this.visit
    const asked = await this.#do('resetAsked', '/auth/password/reset/request', { email })
    const answer = asked ? await this.#answerTo('reset', by) : null
    if (!answer) return
    await this.#do('reset', '/auth/password/reset', { ...answer, password: newPassword })
    this.#endSessions(steps.reset)
  }

  /** A change of the password ends all sessions and gives this browser a new one. */
  async #changePassword(client: ApiClient): Promise<void> {
    const { password: currentPassword, newPassword: password, steps } = this.visit
    const changed = await this.#do('changed', '/auth/password/change', { currentPassword, password }, client)
    this.#endSessions(steps.changed)
    if (changed) this.#holdSession(client)
  }
}
