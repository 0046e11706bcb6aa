import type { Purpose } from './policy.ts'

/** Who asked, as the recipient can recognise it. */
export interface AskedFrom {
  browser: string
  system: string
}

/** Mail that carries a challenge: the code to type and the token of the link. Times are epoch milliseconds. */
export interface ChallengeLetter {
  template: Purpose
  challengeId: string
  code: string
  linkToken: string
  askedFrom: AskedFrom
  askedAt: number
  codeExpiresAt: number
  linkExpiresAt: number
}

/** Mail that tells the owner something and carries no secret. */
export interface NewsLetter {
  template: 'address-taken' | 'password-changed' | 'new-browser' | 'signin-after-failures'
  askedFrom: AskedFrom
  askedAt: number
}

/** What a verb queues; lib/mail/messages.tsx turns it into HTML and text. */
export type Letter = ChallengeLetter | NewsLetter
