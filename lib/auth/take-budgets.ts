import type { Caller, Deps, LimitRule } from './deps.ts'
import { record } from './record.ts'
import { type FailureOf, fail, ok, type Result } from './result.ts'

/** The words of a key that name its budget; what follows is whom it counts. */
const budgetName = (key: string) => key.split(':', 2).join(':')

/**
 * Raises the budgets of an act. The first refusal of each window or wait goes into the trail, further ones into the log
 * alone: a flood must not write a row for each request. `emailKey` is the address that the act is about, if it names one.
 */
export async function takeBudgets(
  deps: Deps,
  caller: Caller,
  rules: LimitRule[],
  emailKey: string | null = null,
): Promise<Result<null, FailureOf<'rate_limited'>>> {
  const taken = await deps.limits.take(rules)
  if (taken.ok) return ok(null)
  const { code, retryAfter, spent } = taken.failure
  if (spent !== null)
    await deps.db.run((tx) => record(deps, tx, caller, { type: code, outcome: budgetName(spent), emailKey }))
  return fail({ code, retryAfter })
}
