import { setTimeout as wait } from 'node:timers/promises'
import { ApiClient, newAddress } from '../../e2e/api-client.ts'
import { challengeIn, type Inbox, type Kind, type Letter } from './letters.ts'

const NO_ANSWER = 0
const LETTER_WITHIN_MS = 3_000

/**
 * What became of one request: `yes`, the app said it is done, so it must stay done; `maybe`, it was killed before it
 * answered, so both are right; `no`, it was never asked.
 */
type Outcome = 'no' | 'maybe' | 'yes'

/** Everything one visitor was told. Passwords in the order chosen, cookies of ended sessions apart. */
export interface Visit {
  email: string
  password: string
  newPassword: string
  signup: Outcome
  verified: Outcome
  resetAsked: Outcome
  reset: Outcome
  signedOut: Outcome
  device: Map<string, string>
  /** Cookies as they were while signed in. */
  signedIn: Map<string, string> | null
}

const AFTER = { 202: 'yes', 200: 'yes', [NO_ANSWER]: 'maybe' } as Record<number, Outcome>
/** Answers that no kill explains. */
export type Surprise = { path: string; status: number; text: string }

/** A person at a browser: signs up, confirms, and then resets the password or signs out, as chance has it. */
export class Visitor {
  readonly visit: Visit
  readonly #client: ApiClient
  readonly #inbox: Inbox
  readonly #surprises: Surprise[]
  readonly #acknowledged: () => void

  /** `acknowledged` is called whenever the app has said that something is done. */
  constructor(origin: string, inbox: Inbox, surprises: Surprise[], acknowledged: () => void = () => undefined) {
    this.#client = new ApiClient(origin)
    this.#inbox = inbox
    this.#surprises = surprises
    this.#acknowledged = acknowledged
    const never: Outcome = 'no'
    const steps = { signup: never, verified: never, resetAsked: never, reset: never, signedOut: never }
    const [password, newPassword] = ['a lantern in the hall', 'another lantern by the door']
    this.visit = { email: newAddress(), password, newPassword, ...steps, device: this.#client.cookies, signedIn: null }
  }

  async #ask(path: string, body: object): Promise<Outcome> {
    try {
      const { status, text } = await this.#client.call(path, body)
      const outcome = AFTER[status]
      if (outcome === undefined) this.#surprises.push({ path, status, text: text.slice(0, 400) })
      else this.#acknowledged()
      return outcome ?? 'maybe'
    } catch {
      return 'maybe'
    }
  }

  async #letter(kind: Kind): Promise<Letter | undefined> {
    const deadline = Date.now() + LETTER_WITHIN_MS
    while (Date.now() < deadline) {
      const [letter] = this.#inbox.of(this.visit.email, kind)
      if (letter) return letter
      await wait(10)
    }
    return undefined
  }

  /** `chance` is from 0 to 99. Ends early where the app was killed: what was said until then is in `visit`. */
  async live(chance: number): Promise<void> {
    const { visit } = this
    visit.signup = await this.#ask('/auth/signup', { email: visit.email, password: visit.password })
    const letter = visit.signup === 'yes' ? await this.#letter('verify') : undefined
    if (!letter || chance < 15) return
    const { challengeId, code: token } = challengeIn(letter)
    visit.verified = await this.#ask('/auth/verify', { challengeId, token })
    if (visit.verified !== 'yes') return
    visit.signedIn = new Map(this.#client.cookies)
    if (chance < 45) visit.signedOut = await this.#ask('/auth/signout', {})
    else if (chance < 90) await this.#resetPassword()
  }

  async #resetPassword(): Promise<void> {
    const { visit } = this
    visit.resetAsked = await this.#ask('/auth/password/reset/request', { email: visit.email })
    const letter = visit.resetAsked === 'yes' ? await this.#letter('reset') : undefined
    if (!letter) return
    const { challengeId, code: token } = challengeIn(letter)
    visit.reset = await this.#ask('/auth/password/reset', { challengeId, token, password: visit.newPassword })
  }
}
