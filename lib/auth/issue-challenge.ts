import type { Tx } from '#db/client'
import { countLiveChallenges, deleteOldestOfDevice, insertChallenge } from '#db/queries/challenges'
import type { User } from '#db/queries/users'
import { codeExpiresAt, linkExpiresAt, makeChallenge, typableIfMade } from './challenge.ts'
import type { Caller, Deps } from './deps.ts'
import { emailKey } from './email.ts'
import type { Letter } from './letters.ts'
import { LIVE_CHALLENGES_PER_ADDRESS, NEWS_LIFETIME, type Purpose, RESEND_GAP } from './policy.ts'
import type { OpenChallenge } from './result.ts'

/** A challenge just made. `expiresAt` is the end of its code, epoch milliseconds. */
export interface IssuedChallenge extends OpenChallenge {
  expiresAt: number
}

export interface ChallengeRequest {
  purpose: Purpose
  email: string
  /** Whom the mail goes to. Null makes a decoy: a row that counts and expires like any other and that nothing answers. */
  user: User | null
  remember?: boolean
  /**
   * Hash of the device that may answer with nothing more; the asking one unless said otherwise. A sign-up trusts the browser
   * that chose its password: else whoever asks for a stranger's mail would confirm that stranger's password as their own.
   */
  trustedDeviceHash?: string
  /** For an address whose owner should hear that somebody tried to sign up with it. */
  newsFor?: User | null
}

/** Room for one more challenge; a full address gives room to its own browser only, so nobody can kill another's. */
async function makeRoom(tx: Tx, key: string, purpose: Purpose, caller: Caller, now: number): Promise<boolean> {
  const made = typableIfMade(now)
  const live = await countLiveChallenges(tx, key, purpose, made)
  if (live < LIVE_CHALLENGES_PER_ADDRESS) return true
  const deleted = await deleteOldestOfDevice(tx, key, purpose, caller.deviceHash, made)
  return deleted && live - 1 < LIVE_CHALLENGES_PER_ADDRESS
}

/**
 * Makes a challenge and queues its mail, inside the caller's transaction, with the address already locked. Known and
 * unknown addresses cost the same statements: a decoy row, and a mail that is born expired and addressed to nobody.
 * `mailed` is for the trail; no caller may learn it.
 */
export async function issueChallenge(
  deps: Deps,
  tx: Tx,
  caller: Caller,
  request: ChallengeRequest,
): Promise<IssuedChallenge & { mailed: boolean }> {
  const { purpose, email } = request
  const [key, now] = [emailKey(email), deps.now()]
  const challenge = makeChallenge(deps.random, deps.secrets, purpose, key)
  const room = await makeRoom(tx, key, purpose, caller, now)
  await insertChallenge(tx, {
    id: challenge.id,
    purpose,
    emailKey: key,
    userId: room && request.user ? request.user.id : null,
    codeHash: challenge.codeHash,
    tokenHash: challenge.tokenHash,
    deviceHash: request.trustedDeviceHash ?? caller.deviceHash,
    attempts: 0,
    remember: request.remember ? 1 : 0,
    linkUsedAt: null,
    consumedAt: null,
    expiresAt: linkExpiresAt(purpose, now),
    createdAt: now,
    browser: caller.askedFrom.browser,
    system: caller.askedFrom.system,
  })
  const recipient = room ? (request.user ?? request.newsFor ?? null) : null
  const asked = { askedFrom: caller.askedFrom, askedAt: now }
  const ends = { codeExpiresAt: codeExpiresAt(now), linkExpiresAt: linkExpiresAt(purpose, now) }
  const { code, linkToken } = challenge
  const letter: Letter = request.newsFor
    ? { template: 'address-taken', ...asked }
    : { template: purpose, challengeId: challenge.id, code, linkToken, ...asked, ...ends }
  await deps.outbox.enqueue(tx, {
    to: recipient?.email ?? '',
    letter,
    expiresAt: recipient === null ? 0 : request.newsFor ? now + NEWS_LIFETIME : ends.linkExpiresAt,
  })
  const resendAt = now + RESEND_GAP.window
  const times = { sentAt: now, expiresAt: ends.codeExpiresAt, resendAt }
  return { challengeId: challenge.id, purpose, email, ...times, mailed: recipient !== null }
}
