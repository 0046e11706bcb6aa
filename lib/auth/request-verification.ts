import { lockAddress } from '#db/queries/limits'
import { findPendingUser, findVerifiedUser } from '#db/queries/users'
import type { RequestVerificationInput } from '../schemas.ts'
import { resendBudgets } from './budgets.ts'
import type { Caller, Deps } from './deps.ts'
import { emailKey } from './email.ts'
import { type IssuedChallenge, issueChallenge } from './issue-challenge.ts'
import { record } from './record.ts'
import { type FailureOf, ok, type Result } from './result.ts'
import { takeBudgets } from './take-budgets.ts'

export type RequestVerificationFailure = FailureOf<'rate_limited'>

/**
 * Sends a pending sign-up a new code and link. Unknown and verified addresses get the same answer, a decoy and no mail.
 * Step 1 of the specification, the schema, is done. `shownFor` is the sign-up whose password this browser has just shown:
 * its code then needs nothing more here.
 */
export async function requestVerification(
  deps: Deps,
  input: RequestVerificationInput,
  caller: Caller,
  shownFor?: string,
): Promise<Result<IssuedChallenge, RequestVerificationFailure>> {
  const allowed = await takeBudgets(deps, caller, resendBudgets('verify', input.email, caller), emailKey(input.email))
  if (!allowed.ok) return allowed

  const issued = await deps.db.transaction(async (tx) => {
    const key = emailKey(input.email)
    await lockAddress(tx, key, deps.now())
    // 5. Check that the email belongs to an existing user, and that the user has not been verified. First, because steps
    //    2 to 4, the id, the secret and its hash, cost the same for a decoy and are made where they are stored.
    const verified = await findVerifiedUser(tx, key)
    const pending = await findPendingUser(tx, key, caller.deviceHash)
    const user = verified ? null : pending
    // 2. Generate the challenge id. 3. Generate the secrets. 4. Hash them. 6. Store the hashes with the id.
    // 7. Send the mail: queued in the same transaction, sent after it.
    const trustedDeviceHash = user && user.id !== shownFor ? user.deviceHash : caller.deviceHash
    const request = { purpose: 'verify', email: input.email, user, trustedDeviceHash } as const
    const { mailed, ...challenge } = await issueChallenge(deps, tx, caller, request)
    const outcome = verified ? 'already_verified' : mailed ? 'ok' : user ? 'too_many_live' : 'unknown_address'
    await record(deps, tx, caller, { type: 'verification_requested', outcome, userId: user?.id, emailKey: key })
    return challenge
  })
  deps.outbox.nudge()
  // 8. Return a message with a status code and the challenge id: the route's part.
  return ok(issued)
}
