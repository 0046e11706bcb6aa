import type { Tx } from '#db/client'
import { insertEvent } from '#db/queries/events'
import type { Caller, Deps } from './deps.ts'
import { ID_BYTES } from './policy.ts'

/** Every act the trail knows. docs/operations.md says what each means. */
export type EventType =
  | 'signup'
  | 'signup_rejected'
  | 'verification_requested'
  | 'email_verified'
  | 'signin'
  | 'signin_requested'
  | 'signin_by_mail'
  | 'signout'
  | 'signout_everywhere'
  | 'reset_requested'
  | 'password_reset'
  | 'password_change'
  | 'challenge_failed'
  | 'rate_limited'
  | 'alarm'

export interface AuthEvent {
  type: EventType
  /** `ok`, or the failure's code, or what kept a silent branch from acting. Never shown to the caller. */
  outcome: string
  userId?: string | null | undefined
  emailKey?: string | null | undefined
}

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
