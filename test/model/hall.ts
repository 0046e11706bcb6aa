import { findChallenge } from '#db/queries/challenges'
import { changePassword } from '#lib/auth/change-password'
import { currentSession } from '#lib/auth/current-session'
import type { Caller } from '#lib/auth/deps'
import type { ChallengeLetter } from '#lib/auth/letters'
import { rejectSignup } from '#lib/auth/reject-signup'
import { requestPasswordReset } from '#lib/auth/request-password-reset'
import { requestSignin } from '#lib/auth/request-signin'
import { requestVerification } from '#lib/auth/request-verification'
import { resetPassword } from '#lib/auth/reset-password'
import { signin } from '#lib/auth/signin'
import { signout } from '#lib/auth/signout'
import { signup } from '#lib/auth/signup'
import type { SignedIn } from '#lib/auth/start-session'
import { verify } from '#lib/auth/verify'
import { browser, type TestDeps } from '../deps.ts'

export const ADDRESSES = ['ann@example.com', 'ben@example.com'] as const
export const DEVICES = ['laptop', 'phone', 'stranger'] as const
export const PASSWORDS = ['a lantern in the hall', 'an umbrella in a stand', 'the coats on their hooks'] as const

/** One thing somebody does. Numbers pick among what there is: the mails so far, the addresses, the passwords. */
export type Act =
  | { do: 'signup'; device: number; address: number; password: number }
  | { do: 'signin'; device: number; address: number; password: number }
  | {
      do: 'request'
      what: 'requestVerification' | 'requestSignin' | 'requestPasswordReset'
      device: number
      address: number
    }
  | {
      do: 'verify'
      device: number
      mail: number
      by: 'code' | 'link' | 'wrong'
      password: number | null
      confirm: boolean
    }
  | { do: 'reset'; device: number; mail: number; by: 'code' | 'link' | 'wrong'; password: number }
  | { do: 'change'; device: number; current: number; password: number }
  | { do: 'reject'; device: number; mail: number }
  | { do: 'signout'; device: number; everywhere: boolean }
  | { do: 'wait'; minutes: number }

/** A session the hall has handed out, and how it came about. */
export interface Handed {
  signedIn: SignedIn
  device: string
  /** Set when the session must be dead: what ended it. */
  endedBy: string | null
}

/** The visitors of one database: what they were sent, which sessions they hold, and what the rules say of each. */
export class Hall {
  readonly deps: TestDeps
  readonly handed: Handed[] = []
  /** `challengeId by device` of everything that was redeemed. */
  readonly redeemed: string[] = []
  /** Whoever proved the mailbox last, or knew the one before, chose this; by address. */
  readonly passwords = new Map<string, string>()
  /** The password each sign-up chose, by its account's id. */
  readonly chosen = new Map<string, { password: string; device: string }>()
  /** `challengeId device` where that browser has shown the password of the sign-up. */
  readonly shown = new Set<string>()
  /** The browser that asked, by challenge id. */
  readonly askedBy = new Map<string, string>()

  constructor(deps: TestDeps) {
    this.deps = deps
  }

  caller(device: string): Caller {
    const held = this.handed.findLast((each) => each.device === device)
    return { ...browser(device), sessionToken: held?.signedIn.token ?? null }
  }

  letters(): { to: string; letter: ChallengeLetter }[] {
    return this.deps.mails.flatMap(({ to, letter }) => ('code' in letter ? [{ to, letter }] : []))
  }

  /** The account a mail is about. */
  async userOf(challengeId: string): Promise<string> {
    const challenge = await this.deps.db.run((tx) => findChallenge(tx, challengeId))
    return challenge?.userId ?? ''
  }

  /** Whether this browser chose the password of the sign-up, or has shown it for this challenge. */
  chose(userId: string, challengeId: string, device: string): boolean {
    return this.chosen.get(userId)?.device === device || this.shown.has(`${challengeId} ${device}`)
  }

  async isAlive({ signedIn }: Handed): Promise<boolean> {
    return (await currentSession(this.deps, signedIn.token)).ok
  }

  end(which: (handed: Handed) => boolean, endedBy: string): void {
    for (const handed of this.handed) if (handed.endedBy === null && which(handed)) handed.endedBy = endedBy
  }

  /** A session begins on a device: the one that device had is over. */
  hand(device: string, signedIn: SignedIn): void {
    const before = this.caller(device).sessionToken
    this.end((handed) => handed.signedIn.token === before, 'a new sign-in in the same browser')
    this.handed.push({ signedIn, device, endedBy: null })
  }
}

export const verbs = {
  signup,
  signin,
  signout,
  verify,
  requestVerification,
  requestSignin,
  requestPasswordReset,
  resetPassword,
  changePassword,
  rejectSignup,
}
