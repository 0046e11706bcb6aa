import { findUser } from '#db/queries/users'
import type { VerifyInput } from '../schemas.ts'
import {
  type AnsweredChallenge,
  type AnswerFailure,
  answerChallenge,
  askForMore,
  recordFailure,
  refuseAnswer,
} from './answer-challenge.ts'
import { submitBudgets } from './budgets.ts'
import type { Caller, Deps } from './deps.ts'
import { redeemSignin, redeemSignup } from './redeem.ts'
import { type FailureOf, fail, ok, type Result } from './result.ts'
import type { SignedIn } from './start-session.ts'
import { takeBudgets } from './take-budgets.ts'

export type VerifyFailure = AnswerFailure | FailureOf<'busy' | 'password_required' | 'confirmation_required'>

/**
 * Answers a challenge of a sign-up or a passwordless sign-in with its code or its link, and begins a session. From a
 * browser other than the one that asked, a sign-up needs the password and a sign-in link a clear yes: a mailbox alone must
 * not turn a stranger's sign-up into an account of the owner's, nor a stranger's link into a session.
 */
export async function verify(deps: Deps, input: VerifyInput, caller: Caller): Promise<Result<SignedIn, VerifyFailure>> {
  const allowed = await takeBudgets(deps, caller, submitBudgets(caller))
  if (!allowed.ok) return allowed
  const answered = await answerChallenge(deps, input, caller, ['verify', 'sign-in'])
  if (!answered.ok) return answered

  const permitted = await permit(deps, answered.value, input, caller)
  if (!permitted.ok) return permitted
  const { challenge } = answered.value
  const redeem = challenge.purpose === 'verify' ? redeemSignup : redeemSignin
  const remember = input.remember ?? (answered.value.device === 'this' && challenge.remember === 1)
  const signedIn = await redeem(deps, caller, answered.value, remember)
  return signedIn ? ok(signedIn) : refuseAnswer(deps, caller, challenge)
}

type PermitFailure = FailureOf<'challenge_invalid' | 'busy' | 'password_required' | 'confirmation_required'>

/** What a browser must show besides the right answer. The browser that asked: nothing. */
async function permit(
  deps: Deps,
  answered: AnsweredChallenge,
  input: VerifyInput,
  caller: Caller,
): Promise<Result<null, PermitFailure>> {
  const { challenge, by, device } = answered
  if (device === 'this') return ok(null)
  if (challenge.purpose === 'verify') return provePassword(deps, caller, answered, input.password)
  // A code is read aloud, phished and typed at the wrong door; from elsewhere only the link signs in, and only by a yes.
  if (by === 'code') return refuseAnswer(deps, caller, challenge)
  return input.confirm ? ok(null) : askForMore(deps, challenge, { code: 'confirmation_required' })
}

async function provePassword(
  deps: Deps,
  caller: Caller,
  { challenge, userId }: AnsweredChallenge,
  password: string | undefined,
): Promise<Result<null, FailureOf<'busy' | 'password_required'>>> {
  if (password === undefined) return askForMore(deps, challenge, { code: 'password_required', wrong: false })
  const user = await deps.db.read((tx) => findUser(tx, userId))
  const compared = await deps.passwords.verify(password, user?.passwordHash ?? null)
  if (!compared.ok) return askForMore(deps, challenge, compared.failure)
  if (compared.value.matches) return ok(null)
  await recordFailure(deps, caller, challenge, 'wrong_password')
  return fail({ code: 'password_required', wrong: true })
}
