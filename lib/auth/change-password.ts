import { deleteChallenges } from '#db/queries/challenges'
import { isKnownDevice } from '#db/queries/devices'
import { lockAddress } from '#db/queries/limits'
import { deleteSession, deleteSessionsOfUser } from '#db/queries/sessions'
import { confirmPassword, findUser, replacePassword, type User } from '#db/queries/users'
import type { ChangePasswordInput } from '../schemas.ts'
import { signinBudgets } from './budgets.ts'
import { checkNewPassword } from './choose-password.ts'
import { type CurrentSession, currentSession } from './current-session.ts'
import type { Caller, Deps, LimitRule } from './deps.ts'
import { mailNews } from './mail-news.ts'
import { type Outcomes, record } from './record.ts'
import { type FailureOf, fail, ok, type Result } from './result.ts'
import { isRemembered } from './session.ts'
import { type SignedIn, startSession } from './start-session.ts'
import { takeBudgets } from './take-budgets.ts'
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
  const { user, known } = owner
  const acceptable = checkNewPassword(deps, input.password, user.email)
  if (!acceptable.ok) return acceptable
  const budgets = signinBudgets(user.email, caller, known)
  const allowed = await takeBudgets(deps, caller, budgets, user.emailKey)
  if (!allowed.ok) return allowed

  const compared = await deps.passwords.verify(input.currentPassword, user.passwordHash)
  if (compared.ok && !compared.value.matches) {
    await write(deps, caller, user, 'wrong_password')
    return fail({ code: 'password_required', wrong: true, field: 'currentPassword' })
  }
  const hashed = compared.ok ? await deps.passwords.hash(input.password) : compared
  if (!hashed.ok) {
    await deps.db.transaction((tx) => deps.limits.giveBack(tx, budgets))
    return hashed
  }
  const changed = await replace(deps, caller, owner, hashed.value, budgets)
  if (changed) {
    deps.outbox.nudge()
    return ok(changed)
  }
  await write(deps, caller, user, 'overtaken')
  return fail({ code: 'not_signed_in' })
}

type Owner = Pick<CurrentSession, 'session'> & { user: User; known: boolean }

/** Whose session this is, with the hash to compare with, and whether the account knows this browser. */
async function findOwner(deps: Deps, caller: Caller): Promise<Owner | null> {
  const current = await currentSession(deps, caller.sessionToken)
  if (!current.ok) return null
  const { session, user } = current.value
  return deps.db.run(async (tx) => {
    const owner = await findUser(tx, user.id)
    return owner && { session, user: owner, known: await isKnownDevice(tx, owner.emailKey, caller.deviceHash) }
  })
}

const write = (deps: Deps, caller: Caller, { id, emailKey }: User, outcome: Outcomes['password_change']) =>
  deps.db.run((tx) => record(deps, tx, caller, { type: 'password_change', outcome, userId: id, emailKey }))

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
