import { findNewestChallenge } from '#db/queries/challenges'
import { isKnownDevice } from '#db/queries/devices'
import { confirmPassword, findPendingUser, findVerifiedUser, type User } from '#db/queries/users'
import type { SigninInput } from '../schemas.ts'
import { signinBudgets } from './budgets.ts'
import { typableIfMade } from './challenge.ts'
import type { Caller, Deps, LimitRule } from './deps.ts'
import { emailKey } from './email.ts'
import { RESEND_GAP } from './policy.ts'
import { record } from './record.ts'
import { requestVerification } from './request-verification.ts'
import { type FailureOf, fail, type OpenChallenge, ok, type Result } from './result.ts'
import { type SignedIn, startSession } from './start-session.ts'
import { takeBudgets } from './take-budgets.ts'
import { tellOfSignin } from './tell-of-signin.ts'

export type SigninFailure = FailureOf<'invalid_credentials' | 'email_unverified' | 'rate_limited' | 'busy'>

/**
 * Signs in with a password. Unknown, wrong, disabled: one answer after one bcrypt comparison. Only the right password
 * learns that its sign-up still waits for the mail.
 */
export function signin(deps: Deps, input: SigninInput, caller: Caller): Promise<Result<SignedIn, SigninFailure>> {
  return deps.passwords.admit(() => compareAndBegin(deps, input, caller))
}

async function compareAndBegin(
  deps: Deps,
  input: SigninInput,
  caller: Caller,
): Promise<Result<SignedIn, SigninFailure>> {
  const key = emailKey(input.email)
  const known = await deps.db.read((tx) => isKnownDevice(tx, key, caller.deviceHash))
  const budgets = signinBudgets(input.email, caller, known)
  const allowed = await takeBudgets(deps, caller, budgets, key)
  if (!allowed.ok) return allowed

  const user = await findCandidate(deps, key, caller)
  const compared = await deps.passwords.verify(input.password, user?.passwordHash ?? null)
  if (!compared.ok) {
    await deps.db.transaction((tx) => deps.limits.giveBack(tx, budgets))
    return compared
  }
  if (!user || !compared.value.matches || user.disabledAt !== null) return refuse(deps, caller, key, user)
  if (user.verifiedAt === null) return unverified(deps, caller, user, input.email, budgets)
  const needed = { needsRehash: compared.value.needsRehash, known, budgets }
  const signedIn = await begin(deps, caller, user, input, needed)
  return signedIn ? ok(signedIn) : refuse(deps, caller, key, user)
}

/** Whose password to compare with: the owner of the address, else the pending sign-up of this browser, else the newest. */
function findCandidate(deps: Deps, key: string, caller: Caller): Promise<User | null> {
  return deps.db.run(async (tx) => {
    const owner = await findVerifiedUser(tx, key)
    // Asked for every address: the way to Postgres and back, for some alone, can be told by the time of their answers.
    const pending = await findPendingUser(tx, key, caller.deviceHash)
    return owner ?? pending
  })
}

async function refuse(deps: Deps, caller: Caller, key: string, user: User | null) {
  const outcome = user?.disabledAt ? 'disabled' : 'invalid_credentials'
  await deps.db.run((tx) => record(deps, tx, caller, { type: 'signin', outcome, userId: user?.id, emailKey: key }))
  return fail({ code: 'invalid_credentials' } as const)
}

/** Its owner is at the right door with the right key: open the way on, by the challenge of this browser or a new mail. */
async function unverified(deps: Deps, caller: Caller, user: User, email: string, budgets: LimitRule[]) {
  const newest = await deps.db.transaction(async (tx) => {
    await deps.limits.giveBack(tx, budgets)
    const event = { type: 'signin', outcome: 'email_unverified', userId: user.id, emailKey: user.emailKey } as const
    await record(deps, tx, caller, event)
    return findNewestChallenge(tx, user.id, caller.deviceHash, typableIfMade(deps.now()))
  })
  if (newest) return fail({ code: 'email_unverified', challenge: openChallenge(newest, email) } as const)
  const requested = await requestVerification(deps, { email }, caller, user.id)
  return fail({ code: 'email_unverified', challenge: requested.ok ? requested.value : null } as const)
}

const openChallenge = ({ id, createdAt }: { id: string; createdAt: number }, email: string): OpenChallenge => ({
  purpose: 'verify',
  challengeId: id,
  email,
  sentAt: createdAt,
  resendAt: createdAt + RESEND_GAP.window,
})

/** Null when the password just compared is not the account's any more: a reset in between wins. */
async function begin(
  deps: Deps,
  caller: Caller,
  user: User,
  input: SigninInput,
  { needsRehash, known, budgets }: { needsRehash: boolean; known: boolean; budgets: LimitRule[] },
): Promise<SignedIn | null> {
  // A stale cost or key is mended now, while the password is here. A full queue is no reason to turn anybody away.
  const rehashed = needsRehash ? await deps.passwords.hash(input.password) : null
  const stored = rehashed?.ok ? rehashed.value : user.passwordHash
  const begun = await deps.db.transaction(async (tx) => {
    const held = await confirmPassword(tx, user.id, user.passwordHash, stored)
    if (!held) return null
    await record(deps, tx, caller, { type: 'signin', outcome: 'ok', userId: user.id, emailKey: user.emailKey })
    const signedIn = await startSession(deps, tx, caller, held, input.remember ?? false)
    // At the end: everybody of this origin waits for its counters.
    await deps.limits.giveBack(tx, budgets)
    // Only here: a pending sign-up proves nothing, and one with a tag on the address shares the budget of its owner.
    const failures = await deps.limits.forgetFailures(tx, budgets)
    return { signedIn, told: await tellOfSignin(deps, tx, caller, held, { known, failures }) }
  })
  if (begun?.told) deps.outbox.nudge()
  return begun?.signedIn ?? null
}
