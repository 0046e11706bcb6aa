import type { Tx } from '#db/client'
import { lockAddress } from '#db/queries/limits'
import { deletePendingUsers, findVerifiedUser, insertUser, listPendingUsers, type User } from '#db/queries/users'
import type { SignupInput } from '../schemas.ts'
import { signupBudgets, signupStartsGap } from './budgets.ts'
import { isTypable } from './challenge.ts'
import { checkNewPassword } from './choose-password.ts'
import type { Caller, Deps } from './deps.ts'
import { emailKey } from './email.ts'
import { type IssuedChallenge, issueChallenge } from './issue-challenge.ts'
import { ID_BYTES, PENDING_ACCOUNTS_PER_ADDRESS } from './policy.ts'
import { record } from './record.ts'
import { type FailureOf, ok, type Result } from './result.ts'
import { takeBudgets } from './take-budgets.ts'
import { sameHash } from './token.ts'

export type SignupFailure = FailureOf<'password_refused' | 'rate_limited' | 'busy'>

/**
 * Signs a visitor up: a pending account, and a mail that proves the address. Whoever has the address already gets a mail
 * that says so, and the visitor the same answer after the same work. Step 1 of the specification, the schema, is done.
 */
export async function signup(
  deps: Deps,
  input: SignupInput,
  caller: Caller,
): Promise<Result<IssuedChallenge, SignupFailure>> {
  const acceptable = checkNewPassword(deps, input.password, input.email)
  if (!acceptable.ok) return acceptable
  return deps.passwords.admit(() => hashAndStore(deps, input, caller))
}

async function hashAndStore(
  deps: Deps,
  input: SignupInput,
  caller: Caller,
): Promise<Result<IssuedChallenge, SignupFailure>> {
  const allowed = await takeBudgets(deps, caller, signupBudgets(input.email, caller), emailKey(input.email))
  if (!allowed.ok) return allowed
  await deps.limits.take(signupStartsGap(input.email))

  // 2. Hash the password: before the transaction, which nobody may hold for a third of a second.
  const hashed = await deps.passwords.hash(input.password)
  if (!hashed.ok) return hashed

  const issued = await deps.db.transaction(async (tx) => {
    const key = emailKey(input.email)
    await lockAddress(tx, key, deps.now())
    // 3. Check that the email does not belong to an existing user: one who has proved it.
    const owner = await findVerifiedUser(tx, key)
    // 4. Store the email and the hashed password.
    const pending = await storePending(deps, tx, caller, input.email, hashed.value)
    const { mailed: _, ...challenge } = await issueChallenge(deps, tx, caller, {
      purpose: 'verify',
      email: input.email,
      user: owner ? null : pending,
      newsFor: owner && owner.disabledAt === null ? owner : null,
    })
    const outcome = owner ? 'address_taken' : pending ? 'ok' : 'too_many_pending'
    await record(deps, tx, caller, { type: 'signup', outcome, userId: owner ? null : pending?.id, emailKey: key })
    return challenge
  })
  deps.outbox.nudge()
  // 5. Return a message with a status code: the route's part.
  return ok(issued)
}

/**
 * Each sign-up has a row of its own, so that no later one can change the password that this browser chose. Null when the
 * address is full: room is made at the expense of this browser's own row, or of one whose code has expired, never of
 * another's that could still be typed.
 */
async function storePending(
  deps: Deps,
  tx: Tx,
  caller: Caller,
  email: string,
  passwordHash: string,
): Promise<User | null> {
  const now = deps.now()
  const key = emailKey(email)
  const others = await listPendingUsers(tx, key)
  if (others.length >= PENDING_ACCOUNTS_PER_ADDRESS) {
    const replaceable =
      others.find(({ deviceHash }) => sameHash(deviceHash, caller.deviceHash)) ??
      others.find(({ createdAt }) => !isTypable(createdAt, now))
    if (!replaceable) return null
    await deletePendingUsers(tx, [replaceable.id])
  }
  const user: User = {
    id: deps.random.token(ID_BYTES),
    email,
    emailKey: key,
    passwordHash,
    deviceHash: caller.deviceHash,
    verifiedAt: null,
    disabledAt: null,
    createdAt: now,
  }
  await insertUser(tx, user)
  return user
}
