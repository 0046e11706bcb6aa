import { consumeChallenge, consumeLink, deleteOtherChallenges } from '#db/queries/challenges'
import { lockAddress } from '#db/queries/limits'
import { deleteRivals, holdActiveUser, markVerified } from '#db/queries/users'
import type { AnsweredChallenge } from './answer-challenge.ts'
import type { Caller, Deps } from './deps.ts'
import { record } from './record.ts'
import { type SignedIn, startSession } from './start-session.ts'

// Both redeem in one transaction whose every step is guarded by its own statement: of many at once, exactly one gets a
// session and the others null. A throw undoes all of it, and the answer stays good.

/** The pending account becomes the verified one, its rivals and their challenges go, and a session begins. */
export function redeemSignup(
  deps: Deps,
  caller: Caller,
  { challenge, userId, by }: AnsweredChallenge,
  remember: boolean,
): Promise<SignedIn | null> {
  return deps.db.transaction(async (tx) => {
    const now = deps.now()
    await lockAddress(tx, challenge.emailKey, now)
    if (!(await consumeChallenge(tx, challenge.id, now))) return null
    const user = await markVerified(tx, userId, now)
    if (!user) return null
    await deleteRivals(tx, user.emailKey, user.id)
    await deleteOtherChallenges(tx, user.emailKey, challenge.id, 'verify')
    await record(deps, tx, caller, { type: 'email_verified', outcome: by, userId, emailKey: user.emailKey })
    return startSession(deps, tx, caller, user, remember)
  })
}

/** A session for the verified owner. A link used elsewhere leaves the code to the browser that asked. */
export function redeemSignin(
  deps: Deps,
  caller: Caller,
  { challenge, userId, device }: AnsweredChallenge,
  remember: boolean,
): Promise<SignedIn | null> {
  return deps.db.transaction(async (tx) => {
    const now = deps.now()
    await lockAddress(tx, challenge.emailKey, now)
    const consume = device === 'this' ? consumeChallenge : consumeLink
    if (!(await consume(tx, challenge.id, now))) return null
    const user = await holdActiveUser(tx, userId)
    if (!user) return null
    if (device === 'this') await deleteOtherChallenges(tx, user.emailKey, challenge.id, 'sign-in')
    await record(deps, tx, caller, { type: 'signin_by_mail', outcome: device, userId, emailKey: user.emailKey })
    return startSession(deps, tx, caller, user, remember)
  })
}
