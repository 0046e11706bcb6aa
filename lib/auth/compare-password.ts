import { isKnownDevice } from '#db/queries/devices'
import { findUser, type User } from '#db/queries/users'
import { signinBudgets } from './budgets.ts'
import { type CurrentSession, currentSession } from './current-session.ts'
import type { Caller, Deps, LimitRule } from './deps.ts'
import { record } from './record.ts'
import { type FailureOf, fail, ok, type Result } from './result.ts'
import { takeBudgets } from './take-budgets.ts'

// Somebody is signed in and about to do what a session alone must not do: its password is asked for again.

export type Owner = Pick<CurrentSession, 'session'> & { user: User; known: boolean }

/** Whose session this is, with the hash to compare with, and whether the account knows this browser. */
export async function findOwner(deps: Deps, caller: Caller): Promise<Owner | null> {
  const current = await currentSession(deps, caller.sessionToken)
  if (!current.ok) return null
  const { session, user } = current.value
  return deps.db.run(async (tx) => {
    const owner = await findUser(tx, user.id)
    return owner && { session, user: owner, known: await isKnownDevice(tx, owner.emailKey, caller.deviceHash) }
  })
}

/**
 * Compares what was typed with the password of the account, once, as a sign-in would: from its budgets, and a wrong one is
 * written down as an outcome of the act `type`. Resolves with the budgets, of which the act gives back what it took.
 */
export async function comparePassword(
  deps: Deps,
  caller: Caller,
  { user, known }: Owner,
  typed: string,
  type: 'password_change' | 'signout_chosen',
): Promise<Result<LimitRule[], FailureOf<'password_required' | 'rate_limited' | 'busy'>>> {
  const budgets = signinBudgets(user.email, caller, known)
  const allowed = await takeBudgets(deps, caller, budgets, user.emailKey)
  if (!allowed.ok) return allowed
  const compared = await deps.passwords.verify(typed, user.passwordHash)
  if (!compared.ok) {
    await deps.db.transaction((tx) => deps.limits.giveBack(tx, budgets))
    return compared
  }
  if (compared.value.matches) return ok(budgets)
  const { id: userId, emailKey } = user
  await deps.db.run((tx) => record(deps, tx, caller, { type, outcome: 'wrong_password', userId, emailKey }))
  return fail({ code: 'password_required', wrong: true, field: 'currentPassword' })
}
