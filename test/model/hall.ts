import { findChallenge } from '#db/queries/challenges'
import { currentSession } from '#lib/auth/current-session'
import type { Caller } from '#lib/auth/deps'
import type { ChallengeLetter } from '#lib/auth/letters'
import {
  SESSION_ABSOLUTE,
  SESSION_IDLE,
  SESSION_IDLE_REMEMBERED,
  SESSION_TOUCH_EVERY,
  SESSIONS_PER_ACCOUNT,
} from '#lib/auth/policy'
import type { SignedIn } from '#lib/auth/start-session'
import { browser, type TestDeps } from '../deps.ts'
import type { Seen } from './seen.ts'

/** A session the hall has handed out. */
export interface Handed {
  signedIn: SignedIn
  device: string
  remember: boolean
  lastSeenAt: number
  /** By rest or by age, whichever comes first; epoch milliseconds. */
  endsAt: number
  /** Set when the session must be dead for good: what ended it. */
  endedBy: string | null
  /** Why the door refused it when it was asked last; null while it is live. */
  refusedFor: string | null
}

interface Account {
  id: string
  /** Whoever proved the mailbox last, or knew the one before, chose this. */
  password: string
  disabled: boolean
}

/** A sign-up, by whom, and what ended it, if anything did; its being confirmed is one. */
interface Signup {
  email: string
  password: string
  device: string
  createdAt: number
  endedBy: string | null
}

export interface Mail {
  to: string
  letter: ChallengeLetter
}

/** The visitors of one database: what they were sent, which sessions they hold, and what the rules say of each. */
export class Hall {
  readonly deps: TestDeps
  /** By address. */
  readonly accounts = new Map<string, Account>()
  /** By id of the account that each made. */
  readonly signups = new Map<string, Signup>()
  readonly handed: Handed[] = []
  /** The browser that asked and what it asked for, by challenge id. */
  readonly asked = new Map<string, { device: string; remember: boolean }>()
  /** The sign-up that a mail is about, by challenge id. */
  readonly about = new Map<string, string>()
  /** The browser that showed the password of a sign-up and was trusted with this challenge, by its id. */
  readonly shownBy = new Map<string, string>()
  /** What was redeemed, and where; a link of a sign-in leaves the code to the browser that asked. */
  readonly redeemed: string[] = []
  /** What made a challenge worthless, by its id. */
  readonly spent = new Map<string, string>()
  /** How often each thing happened that a rule is about. */
  readonly seen: Seen

  constructor(deps: TestDeps, seen: Seen) {
    this.deps = deps
    this.seen = seen
  }

  caller(device: string): Caller {
    return { ...browser(device), sessionToken: this.heldBy(device)?.signedIn.token ?? null }
  }

  /** What is in the cookie of that browser, dead or alive. */
  heldBy(device: string): Handed | undefined {
    return this.handed.findLast((each) => each.device === device)
  }

  letters(): Mail[] {
    return this.deps.mails.flatMap(({ to, letter }) => ('code' in letter ? [{ to, letter }] : []))
  }

  challenge(id: string) {
    return this.deps.db.run((tx) => findChallenge(tx, id))
  }

  /** Whether a mail's code and link confirm there by themselves, or its code is for that browser at all. */
  isFor({ challengeId, template }: ChallengeLetter, device: string): boolean {
    if (template !== 'verify') return this.asked.get(challengeId)?.device === device
    const chosenBy = this.signups.get(this.about.get(challengeId) ?? '')?.device
    return (this.shownBy.get(challengeId) ?? chosenBy) === device
  }

  /** What makes a session worth nothing, for now or for good; null while it is live. */
  whyDead({ signedIn, endedBy, endsAt }: Handed): string | null {
    if (endedBy !== null) return endedBy
    if (this.deps.now() >= endsAt)
      return endsAt === signedIn.session.createdAt + SESSION_ABSOLUTE ? 'thirty days' : 'its rest'
    return this.accounts.get(signedIn.user.email)?.disabled ? 'the disabling of its account' : null
  }

  /** Asks the door, which writes down that the session was used. */
  async use(handed: Handed): Promise<boolean> {
    if (this.whyDead(handed) === null) this.touch(handed)
    return (await currentSession(this.deps, handed.signedIn.token)).ok
  }

  /** A session of that browser was used by a verb. */
  touch(handed: Handed): void {
    const now = this.deps.now()
    if (now - handed.lastSeenAt < SESSION_TOUCH_EVERY) return
    handed.lastSeenAt = now
    handed.endsAt = this.endsAt(handed, now)
  }

  private endsAt({ remember, signedIn }: Pick<Handed, 'remember' | 'signedIn'>, usedAt: number): number {
    const rest = remember ? SESSION_IDLE_REMEMBERED : SESSION_IDLE
    return Math.min(usedAt + rest, signedIn.session.createdAt + SESSION_ABSOLUTE)
  }

  end(which: (handed: Handed) => boolean, endedBy: string): void {
    for (const handed of this.handed)
      if (handed.endedBy === null && which(handed)) {
        handed.endedBy = endedBy
        this.seen.add(`session ended by ${endedBy}`)
      }
  }

  /** A session begins on a device: the one that device had is over, and the oldest of a crowd. */
  hand(device: string, signedIn: SignedIn, remember: boolean): void {
    const { sessionToken } = this.caller(device)
    this.end((handed) => handed.signedIn.token === sessionToken, 'a new sign-in in the same browser')
    const now = this.deps.now()
    const endsAt = this.endsAt({ remember, signedIn }, now)
    this.handed.push({ signedIn, device, remember, lastSeenAt: now, endsAt, endedBy: null, refusedFor: null })
    const { email } = signedIn.user
    const kept = this.handed.filter((each) => each.endedBy === null && each.signedIn.user.email === email)
    const crowdedOut = kept.slice(0, -SESSIONS_PER_ACCOUNT)
    this.end((handed) => crowdedOut.includes(handed), 'twenty newer ones')
  }

  endSignups(which: (signup: Signup, id: string) => boolean, endedBy: string): void {
    for (const [id, signup] of this.signups)
      if (signup.endedBy === null && which(signup, id)) {
        signup.endedBy = endedBy
        this.seen.add(`sign-up ended by ${endedBy}`)
      }
  }

  /** What made mails worthless that have gone out. */
  spend(which: (mail: Mail) => boolean, why: string): void {
    for (const mail of this.letters())
      if (which(mail) && !this.spent.has(mail.letter.challengeId)) this.spent.set(mail.letter.challengeId, why)
  }
}
