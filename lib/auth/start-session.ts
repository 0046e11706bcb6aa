import type { Tx } from '#db/client'
import { forgetOldestDevices, rememberDevice } from '#db/queries/devices'
import { deleteOldestSessions, deleteSession, insertSession, type Session } from '#db/queries/sessions'
import type { User } from '#db/queries/users'
import type { Caller, Deps } from './deps.ts'
import { CLOCK_TOLERANCE, DEVICES_PER_ACCOUNT, ID_BYTES, SESSIONS_PER_ACCOUNT, TOKEN_BYTES } from './policy.ts'
import { sessionLifetimes } from './session.ts'
import { hashToken } from './token.ts'

/** A session that has just begun. `token` is for its cookie alone; `remember` says whether the cookie outlives the browser. */
export interface SignedIn {
  user: User
  session: Session
  token: string
  remember: boolean
}

/**
 * Begins a session inside the caller's transaction, with the account's row held. The token is new at every sign-in and the
 * one this browser had ends: nobody can plant a session and wait for it to become somebody's.
 */
export async function startSession(
  deps: Deps,
  tx: Tx,
  caller: Caller,
  user: User,
  remember: boolean,
): Promise<SignedIn> {
  const now = deps.now()
  const token = deps.random.token(TOKEN_BYTES)
  const session: Session = {
    id: deps.random.token(ID_BYTES),
    tokenHash: hashToken(token),
    userId: user.id,
    deviceHash: caller.deviceHash,
    createdAt: now,
    lastSeenAt: now,
    ...sessionLifetimes(now, remember),
    userAgent: caller.userAgent,
    ip: caller.ip,
  }
  if (caller.sessionToken) await deleteSession(tx, hashToken(caller.sessionToken))
  await insertSession(tx, session)
  await deleteOldestSessions(tx, user.id, SESSIONS_PER_ACCOUNT, now + CLOCK_TOLERANCE)
  await rememberDevice(tx, { userId: user.id, deviceHash: caller.deviceHash, lastSignedInAt: now })
  await forgetOldestDevices(tx, user.id, caller.deviceHash, DEVICES_PER_ACCOUNT, now + CLOCK_TOLERANCE)
  return { user, session, token, remember }
}
