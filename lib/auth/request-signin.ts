import type { RequestSigninInput } from '../schemas.ts'
import { resendBudgets } from './budgets.ts'
import type { Caller, Deps } from './deps.ts'
import { emailKey } from './email.ts'
import type { IssuedChallenge } from './issue-challenge.ts'
import { issueToOwner } from './issue-to-owner.ts'
import { type FailureOf, ok, type Result } from './result.ts'
import { takeBudgets } from './take-budgets.ts'

/** Mails a verified account a code and a link to sign in with. Every other address gets the same answer and no mail. */
export async function requestSignin(
  deps: Deps,
  input: RequestSigninInput,
  caller: Caller,
): Promise<Result<IssuedChallenge, FailureOf<'rate_limited'>>> {
  const allowed = await takeBudgets(deps, caller, resendBudgets('sign-in', input.email, caller), emailKey(input.email))
  if (!allowed.ok) return allowed
  const request = { purpose: 'sign-in', email: input.email, remember: input.remember ?? false } as const
  return ok(await issueToOwner(deps, caller, request, 'signin_requested'))
}
