import { type Challenge, countAttempt, giveAttemptBack } from '#db/queries/challenges'
import { triesOfAddress } from './budgets.ts'
import { type Answer, answerOf, isCode } from './challenge.ts'
import type { Caller, Deps } from './deps.ts'
import { type Purpose, TRIES_PER_CHALLENGE } from './policy.ts'
import { type Outcomes, record } from './record.ts'
import { type Failure, type FailureOf, fail, ok, type Result } from './result.ts'
import { takeBudgets } from './take-budgets.ts'

export type AnswerFailure = FailureOf<'challenge_invalid' | 'rate_limited'>

/** A challenge rightly answered and not yet consumed. `userId` is whom it was made for. */
export type AnsweredChallenge = Answer & { challenge: Challenge; userId: string }

/**
 * Counts a try, then compares. A wrong answer is a returned failure, so the count stands. Codes also take from the budget
 * of their address; the link, which nobody can guess, stays open when strangers have spent that.
 */
export async function answerChallenge(
  deps: Deps,
  attempt: { challengeId: string; token: string },
  caller: Caller,
  purposes: readonly Purpose[],
): Promise<Result<AnsweredChallenge, AnswerFailure>> {
  const now = deps.now()
  const challenge = await deps.db.run((tx) => countAttempt(tx, attempt.challengeId, purposes, now, TRIES_PER_CHALLENGE))
  if (challenge && isCode(attempt.token)) {
    const allowed = await takeBudgets(
      deps,
      caller,
      triesOfAddress(challenge.purpose, challenge.emailKey),
      challenge.emailKey,
    )
    if (!allowed.ok) return allowed
  }
  const given = { token: attempt.token, deviceHash: caller.deviceHash }
  const answer = challenge && answerOf(challenge, given, now, deps.secrets)
  if (answer && challenge.userId !== null) return ok({ ...answer, challenge, userId: challenge.userId })
  return refuseAnswer(deps, caller, challenge)
}

/** The one answer for every wrong one, written to the trail. */
export async function refuseAnswer(deps: Deps, caller: Caller, challenge: Challenge | null) {
  const outcome = (challenge?.purpose as Purpose | undefined) ?? 'unknown_challenge'
  await recordFailure(deps, caller, challenge, outcome)
  return fail({ code: 'challenge_invalid' } as const)
}

export async function recordFailure(
  deps: Deps,
  caller: Caller,
  challenge: Challenge | null,
  outcome: Outcomes['challenge_failed'],
) {
  const about = { userId: challenge?.userId, emailKey: challenge?.emailKey }
  await deps.db.run((tx) => record(deps, tx, caller, { type: 'challenge_failed', outcome, ...about }))
}

/** The answer was right and only something else is missing: the try does not count. */
export async function askForMore<F extends Failure>(deps: Deps, challenge: Challenge, failure: F) {
  await deps.db.run((tx) => giveAttemptBack(tx, challenge.id))
  return fail(failure)
}
