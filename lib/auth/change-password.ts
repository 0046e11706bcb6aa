import { deleteChallenges } from '#db/queries/challenges'
import { lockAddress } from '#db/queries/limits'
import { deleteSession, deleteSessionsOfUser } from '#db/queries/sessions'
import { confirmPassword, replacePassword } from '#db/queries/users'
import type { ChangePasswordInput } from '../schemas.ts'
import { checkNewPassword } from './choose-password.ts'
import { comparePassword, findOwner, type Owner } from './compare-password.ts'
import type { Caller, Deps, LimitRule } from './deps.ts'
import { mailNews } from './mail-news.ts'
import { record } from './record.ts'
import { type FailureOf, fail, ok, type Result } from './result.ts'
import { isRemembered } from './session.ts'
import { type SignedIn, startSession } from './start-session.ts'
import { hashToken } from './token.ts'

export type ChangeFailure = FailureOf<
  'not_signed_in' | 'password_required' | 'password_refused' | 'rate_limited' | 'busy'
>

/**
 * Sets a new password from within a session, by the one before. Ends every other session and every challenge of the
 * account, gives this browser a new session in place of its own, and tells the owner by mail.
 */
export function changePassword(
  deps: Deps,
  input: ChangePasswordInput,
  caller: Caller,
): Promise<Result<SignedIn, ChangeFailure>> {
  return deps.passwords.admit(() => compareAndReplace(deps, input, caller))
}

async function compareAndReplace(
  deps: Deps,
  input: ChangePasswordInput,
  caller: Caller,
): Promise<Result<SignedIn, ChangeFailure>> {
  const owner = await findOwner(deps, caller)
  if (!owner) return fail({ code: 'not_signed_in' })
  const { user } = owner
  const acceptable = checkNewPassword(deps, input.password, user.email)
  if (!acceptable.ok) return acceptable
  const compared = await comparePassword(deps, caller, owner, input.currentPassword, 'password_change')
  if (!compared.ok) return compared
  const budgets = compared.value

  const hashed = await deps.passwords.hash(input.password)
  if (!hashed.ok) {
    await deps.db.transaction((tx) => deps.limits.giveBack(tx, budgets))
    return hashed
  }
  const changed = await replace(deps, caller, owner, hashed.value, budgets)
  if (changed) {
    deps.outbox.nudge()
    return ok(changed)
  }
  const overtaken = { type: 'password_change', outcome: 'overtaken', userId: user.id, emailKey: user.emailKey } as const
  await deps.db.run((tx) => record(deps, tx, caller, overtaken))
  return fail({ code: 'not_signed_in' })
}

/** Null when a reset, another change, a sign-out or a disabling came first: that ended the session, and nothing is changed. */
function replace(
  deps: Deps,
  caller: Caller,
  { user, session }: Owner,
  passwordHash: string,
  budgets: LimitRule[],
): Promise<SignedIn | null> {
  return deps.db.transaction(async (tx) => {
    await lockAddress(tx, user.emailKey, deps.now())
    // First the account, then its sessions, as a sign-in does: neither can wait for the other in a circle.
    const held = await confirmPassword(tx, user.id, user.passwordHash, user.passwordHash)
    const live = held && (await deleteSession(tx, hashToken(caller.sessionToken ?? '')))
    const changed = live && (await replacePassword(tx, user.id, passwordHash))
    if (!changed) return null
    await deleteSessionsOfUser(tx, user.id)
    await deleteChallenges(tx, user.emailKey)
    const signedIn = await startSession(deps, tx, caller, changed, isRemembered(session))
    await mailNews(deps, tx, caller, user, 'password-changed')
    const { id: userId, emailKey } = user
    await record(deps, tx, caller, { type: 'password_change', outcome: 'ok', userId, emailKey })
    // As at a sign-in: whoever knew the password made no failed try, and those of before are forgotten.
    await deps.limits.giveBack(tx, budgets)
    await deps.limits.forgetFailures(tx, budgets)
    return signedIn
  })
}
