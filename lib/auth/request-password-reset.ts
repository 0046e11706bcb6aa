import type { RequestResetInput } from '../schemas.ts'
import { resetRequestBudgets } from './budgets.ts'
import type { Caller, Deps } from './deps.ts'
import { emailKey } from './email.ts'
import type { IssuedChallenge } from './issue-challenge.ts'
import { issueToOwner } from './issue-to-owner.ts'
import { type FailureOf, ok, type Result } from './result.ts'
import { takeBudgets } from './take-budgets.ts'

/** Mails a verified account a code and a link to choose a new password. Every other address gets the same answer and no mail. */
export async function requestPasswordReset(
  deps: Deps,
  input: RequestResetInput,
  caller: Caller,
): Promise<Result<IssuedChallenge, FailureOf<'rate_limited'>>> {
  const allowed = await takeBudgets(deps, caller, resetRequestBudgets(input.email, caller), emailKey(input.email))
  if (!allowed.ok) return allowed
  return ok(await issueToOwner(deps, caller, { purpose: 'reset', email: input.email }, 'reset_requested'))
}
