import { consumeChallenge, deleteOtherChallenges } from '#db/queries/challenges'
import { lockAddress } from '#db/queries/limits'
import { deleteSessionsOfUser } from '#db/queries/sessions'
import { replacePassword } from '#db/queries/users'
import type { ResetInput } from '../schemas.ts'
import {
  type AnsweredChallenge,
  type AnswerFailure,
  answerChallenge,
  askForMore,
  refuseAnswer,
} from './answer-challenge.ts'
import { submitBudgets } from './budgets.ts'
import { checkNewPassword } from './choose-password.ts'
import type { Caller, Deps } from './deps.ts'
import { mailNews } from './mail-news.ts'
import { record } from './record.ts'
import { type FailureOf, ok, type Result } from './result.ts'
import { takeBudgets } from './take-budgets.ts'

export type ResetFailure = AnswerFailure | FailureOf<'password_refused' | 'busy'>

/**
 * Sets a new password by the code (in the browser that asked) or the link of a reset. Ends every session and every other
 * challenge of the account, tells its owner by mail, and signs nobody in.
 */
export async function resetPassword(
  deps: Deps,
  input: ResetInput,
  caller: Caller,
): Promise<Result<null, ResetFailure>> {
  const acceptable = checkNewPassword(deps, input.password, null)
  if (!acceptable.ok) return acceptable
  const allowed = await takeBudgets(deps, caller, submitBudgets(caller))
  if (!allowed.ok) return allowed
  const answered = await answerChallenge(deps, input, caller, ['reset'])
  if (!answered.ok) return answered
  const { challenge, by, device } = answered.value
  if (by === 'code' && device === 'other') return refuseAnswer(deps, caller, challenge)

  // Only now is it known whose password this will be.
  const fitting = checkNewPassword(deps, input.password, challenge.emailKey)
  if (!fitting.ok) return askForMore(deps, challenge, fitting.failure)
  const hashed = await deps.passwords.hash(input.password)
  if (!hashed.ok) return askForMore(deps, challenge, hashed.failure)
  if (!(await replace(deps, caller, answered.value, hashed.value))) return refuseAnswer(deps, caller, challenge)
  deps.outbox.nudge()
  return ok(null)
}

function replace(deps: Deps, caller: Caller, { challenge, userId, by }: AnsweredChallenge, passwordHash: string) {
  return deps.db.transaction(async (tx) => {
    const now = deps.now()
    await lockAddress(tx, challenge.emailKey, now)
    if (!(await consumeChallenge(tx, challenge.id, now))) return false
    const user = await replacePassword(tx, userId, passwordHash)
    if (!user) return false
    await deleteSessionsOfUser(tx, userId)
    await deleteOtherChallenges(tx, user.emailKey, challenge.id)
    await mailNews(deps, tx, caller, user, 'password-changed')
    await record(deps, tx, caller, { type: 'password_reset', outcome: by, userId, emailKey: user.emailKey })
    return true
  })
}
