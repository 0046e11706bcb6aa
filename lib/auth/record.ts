import type { Tx } from '#db/client'
import { insertEvent } from '#db/queries/events'
import type { Caller, Deps } from './deps.ts'
import { ID_BYTES, type Purpose } from './policy.ts'

/**
 * Every act the trail knows, and what it may come to: `ok`, or the failure's code, or what kept a silent branch from acting.
 * Never shown to the caller. docs/operations.md says what each means.
 */
export interface Outcomes {
  signup: 'ok' | 'address_taken' | 'too_many_pending'
  signup_rejected: 'ok'
  verification_requested: 'ok' | 'already_verified' | 'too_many_live' | 'unknown_address'
  email_verified: 'code' | 'link'
  signin: 'ok' | 'invalid_credentials' | 'disabled' | 'email_unverified'
  signin_requested: 'ok' | 'too_many_live' | 'unknown_address' | 'disabled'
  signin_by_mail: 'this' | 'other'
  signout: 'ok'
  signout_everywhere: 'ok'
  signout_chosen: 'ok' | 'wrong_password' | 'overtaken'
  reset_requested: 'ok' | 'too_many_live' | 'unknown_address' | 'disabled'
  password_reset: 'code' | 'link'
  password_change: 'ok' | 'wrong_password' | 'overtaken'
  challenge_failed: Purpose | 'unknown_challenge' | 'wrong_password'
  /** The budget's name: lib/auth/budgets.ts. */
  rate_limited: string
  alarm: 'password' | 'challenge'
}

interface About {
  userId?: string | null | undefined
  emailKey?: string | null | undefined
}

export type AuthEvent = { [T in keyof Outcomes]: { type: T; outcome: Outcomes[T] } & About }[keyof Outcomes]

type Clerk = Pick<Deps, 'random' | 'now'>
type Recorded = Pick<Caller, 'ip' | 'deviceHash' | 'userAgent' | 'requestId'>

/** Appends to the trail, in the transaction of the act itself. */
export async function record(deps: Clerk, tx: Tx, caller: Recorded, event: AuthEvent): Promise<void> {
  await insertEvent(tx, {
    id: deps.random.token(ID_BYTES),
    type: event.type,
    outcome: event.outcome,
    userId: event.userId ?? null,
    emailKey: event.emailKey ?? null,
    ip: caller.ip,
    deviceHash: caller.deviceHash,
    userAgent: caller.userAgent,
    requestId: caller.requestId,
    at: deps.now(),
  })
}
