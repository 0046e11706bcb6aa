import { consumeChallenge } from '#db/queries/challenges'
import { lockAddress } from '#db/queries/limits'
import { deletePendingUsers } from '#db/queries/users'
import type { RejectInput } from '../schemas.ts'
import { type AnswerFailure, answerChallenge, refuseAnswer } from './answer-challenge.ts'
import { submitBudgets } from './budgets.ts'
import type { Caller, Deps } from './deps.ts'
import { record } from './record.ts'
import { ok, type Result } from './result.ts'
import { takeBudgets } from './take-budgets.ts'

/** "This wasn't me": the mailbox's owner deletes a pending sign-up. With the link from anywhere, with the code from its own browser. */
export async function rejectSignup(
  deps: Deps,
  input: RejectInput,
  caller: Caller,
): Promise<Result<null, AnswerFailure>> {
  const allowed = await takeBudgets(deps, caller, submitBudgets(caller))
  if (!allowed.ok) return allowed
  const answered = await answerChallenge(deps, input, caller, ['verify'])
  if (!answered.ok) return answered
  const { challenge, userId, by, device } = answered.value
  if (by === 'code' && device === 'other') return refuseAnswer(deps, caller, challenge)

  const rejected = await deps.db.transaction(async (tx) => {
    await lockAddress(tx, challenge.emailKey, deps.now())
    if (!(await consumeChallenge(tx, challenge.id, deps.now()))) return false
    await deletePendingUsers(tx, [userId])
    await record(deps, tx, caller, { type: 'signup_rejected', outcome: 'ok', userId, emailKey: challenge.emailKey })
    return true
  })
  return rejected ? ok(null) : refuseAnswer(deps, caller, challenge)
}
