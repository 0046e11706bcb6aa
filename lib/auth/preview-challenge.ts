import { findChallenge } from '#db/queries/challenges'
import type { PreviewInput } from '../schemas.ts'
import { submitBudgets } from './budgets.ts'
import { answerOf, isCode } from './challenge.ts'
import type { Caller, Deps } from './deps.ts'
import { maskEmail } from './email.ts'
import type { AskedFrom } from './letters.ts'
import type { Purpose } from './policy.ts'
import { type FailureOf, fail, ok, type Result } from './result.ts'
import { takeBudgets } from './take-budgets.ts'

export interface ChallengePreview {
  purpose: Purpose
  /** Masked. */
  email: string
  device: 'this' | 'other'
  /** Epoch milliseconds. */
  askedAt: number
  askedFrom: AskedFrom
}

/**
 * What a link is about, for the page where it lands. Uses nothing up and counts no try, hence takes the link's token
 * alone: a code could be guessed here for nothing.
 */
export async function previewChallenge(
  deps: Deps,
  input: PreviewInput,
  caller: Caller,
): Promise<Result<ChallengePreview, FailureOf<'challenge_invalid' | 'rate_limited'>>> {
  const allowed = await takeBudgets(deps, caller, submitBudgets(caller))
  if (!allowed.ok) return allowed
  const challenge = await deps.db.read((tx) => findChallenge(tx, input.challengeId))
  const given = { token: input.token, deviceHash: caller.deviceHash }
  const answer = challenge && !isCode(input.token) && answerOf(challenge, given, deps.now(), deps.secrets)
  if (!answer || challenge.userId === null) return fail({ code: 'challenge_invalid' })
  return ok({
    purpose: challenge.purpose as Purpose,
    email: maskEmail(challenge.emailKey),
    device: answer.device,
    askedAt: challenge.createdAt,
    askedFrom: { browser: challenge.browser, system: challenge.system },
  })
}
