import type { Challenge } from '#db/queries/challenges'
import type { Random, Secrets } from './deps.ts'
import {
  CLOCK_TOLERANCE,
  CODE_DIGITS,
  CODE_LIFETIME,
  ID_BYTES,
  LINK_LIFETIME,
  type Purpose,
  TOKEN_BYTES,
} from './policy.ts'
import { hashToken, sameHash } from './token.ts'

/** A new challenge's id, its two secrets (for the mail alone) and their hashes (for the database). */
export interface NewChallenge {
  id: string
  code: string
  linkToken: string
  codeHash: string
  tokenHash: string
}

// Purpose, id and address are part of the hash: a code is worth nothing at another door, even for whoever can write rows.
const codeParts = (purpose: string, id: string, emailKey: string, code: string) => [purpose, id, emailKey, code]

export function makeChallenge(random: Random, secrets: Secrets, purpose: Purpose, emailKey: string): NewChallenge {
  const id = random.token(ID_BYTES)
  const code = random.digits(CODE_DIGITS[purpose])
  const linkToken = random.token(TOKEN_BYTES)
  const codeHash = secrets.codeHash(codeParts(purpose, id, emailKey, code))
  return { id, code, linkToken, codeHash, tokenHash: hashToken(linkToken) }
}

export const codeExpiresAt = (createdAt: number) => createdAt + CODE_LIFETIME
export const linkExpiresAt = (purpose: Purpose, createdAt: number) => createdAt + LINK_LIFETIME[purpose]

/** When a challenge whose code can be typed now was made. A date ahead of now is a wrong clock's: it must not live on for as long. */
export const typableIfMade = (now: number) => ({ after: now - CODE_LIFETIME, until: now + CLOCK_TOLERANCE })
const isMade = (createdAt: number, now: number) => createdAt <= now + CLOCK_TOLERANCE
export const isTypable = (createdAt: number, now: number) => isMade(createdAt, now) && now < codeExpiresAt(createdAt)

/** Digits are the code; anything else is taken for the token of the link. */
export const isCode = (token: string) => /^\d+$/u.test(token)

/** How a challenge was answered: with which of its two secrets, from the browser that asked or from another. */
export interface Answer {
  by: 'code' | 'link'
  device: 'this' | 'other'
}

/** Whether a live challenge is answered by this token; null when not. Pure: counting and consuming are the caller's. */
export function answerOf(
  challenge: Challenge,
  attempt: { token: string; deviceHash: string },
  now: number,
  secrets: Secrets,
): Answer | null {
  const device = sameHash(challenge.deviceHash, attempt.deviceHash) ? 'this' : 'other'
  if (isCode(attempt.token)) {
    const parts = codeParts(challenge.purpose, challenge.id, challenge.emailKey, attempt.token)
    const matches = secrets.codeMatches(parts, challenge.codeHash)
    return matches && isTypable(challenge.createdAt, now) ? { by: 'code', device } : null
  }
  const matches = sameHash(challenge.tokenHash, hashToken(attempt.token))
  const unused = challenge.consumedAt === null && challenge.linkUsedAt === null
  return matches && unused && isMade(challenge.createdAt, now) && now < challenge.expiresAt
    ? { by: 'link', device }
    : null
}
