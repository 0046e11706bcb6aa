import { lockAddress } from '#db/queries/limits'
import { findVerifiedUser } from '#db/queries/users'
import type { Caller, Deps } from './deps.ts'
import { emailKey } from './email.ts'
import { type IssuedChallenge, issueChallenge } from './issue-challenge.ts'
import type { Purpose } from './policy.ts'
import { record } from './record.ts'

/** Issues a challenge to the verified owner of an address, or a decoy where there is none or the account is disabled. */
export async function issueToOwner(
  deps: Deps,
  caller: Caller,
  request: { purpose: Purpose; email: string; remember?: boolean },
  type: 'signin_requested' | 'reset_requested',
): Promise<IssuedChallenge> {
  const issued = await deps.db.transaction(async (tx) => {
    const key = emailKey(request.email)
    await lockAddress(tx, key, deps.now())
    const owner = await findVerifiedUser(tx, key)
    const user = owner?.disabledAt === null ? owner : null
    const { mailed, ...challenge } = await issueChallenge(deps, tx, caller, { ...request, user })
    const outcome = mailed ? 'ok' : user ? 'too_many_live' : owner ? 'disabled' : 'unknown_address'
    await record(deps, tx, caller, { type, outcome, userId: owner?.id, emailKey: key })
    return challenge
  })
  deps.outbox.nudge()
  return issued
}
