import { deleteSessionsAmong, findSession } from '#db/queries/sessions'
import { confirmPassword } from '#db/queries/users'
import type { EndSessionsInput } from '../schemas.ts'
import { comparePassword, findOwner, type Owner } from './compare-password.ts'
import type { Caller, Deps, LimitRule } from './deps.ts'
import { record } from './record.ts'
import { type FailureOf, fail, ok, type Result } from './result.ts'
import { hashToken } from './token.ts'

export type EndSessionsFailure = FailureOf<'not_signed_in' | 'password_required' | 'rate_limited' | 'busy'>

/**
 * Ends chosen sessions of the account from within another one, by the password. Resolves with how many: an id that is no live
 * session of this account, whoever's it is, is nothing, and so is that of the session that asks.
 */
export function endSessions(
  deps: Deps,
  input: EndSessionsInput,
  caller: Caller,
): Promise<Result<number, EndSessionsFailure>> {
  return deps.passwords.admit(() => compareAndEnd(deps, input, caller))
}

async function compareAndEnd(
  deps: Deps,
  input: EndSessionsInput,
  caller: Caller,
): Promise<Result<number, EndSessionsFailure>> {
  const owner = await findOwner(deps, caller)
  if (!owner) return fail({ code: 'not_signed_in' })
  const compared = await comparePassword(deps, caller, owner, input.currentPassword, 'signout_chosen')
  if (!compared.ok) return compared
  const ended = await end(deps, caller, owner, input.sessionIds, compared.value)
  if (ended !== null) return ok(ended)
  const { id: userId, emailKey } = owner.user
  const overtaken = { type: 'signout_chosen', outcome: 'overtaken', userId, emailKey } as const
  await deps.db.run((tx) => record(deps, tx, caller, overtaken))
  return fail({ code: 'not_signed_in' })
}

/** Null when the password was changed meanwhile, or this session was ended: then none is, whoever ended it. */
function end(
  deps: Deps,
  caller: Caller,
  { user, session }: Owner,
  ids: string[],
  budgets: LimitRule[],
): Promise<number | null> {
  return deps.db.transaction(async (tx) => {
    const now = deps.now()
    // First the account, then its sessions, as a sign-in does: two that end each other's cannot wait in a circle.
    const held = await confirmPassword(tx, user.id, user.passwordHash, user.passwordHash)
    const live = held && (await findSession(tx, hashToken(caller.sessionToken ?? ''), now))
    if (!live) return null
    const ended = await deleteSessionsAmong(tx, user.id, ids, session.id, now)
    const { id: userId, emailKey } = user
    await record(deps, tx, caller, { type: 'signout_chosen', outcome: 'ok', userId, emailKey })
    // As at a sign-in: whoever knew the password made no failed try, and those of before are forgotten.
    await deps.limits.giveBack(tx, budgets)
    await deps.limits.forgetFailures(tx, budgets)
    return ended
  })
}
