import type { Session } from '#db/queries/sessions'
import {
  CLOCK_TOLERANCE,
  SESSION_ABSOLUTE,
  SESSION_IDLE,
  SESSION_IDLE_REMEMBERED,
  SESSION_TOUCH_EVERY,
} from './policy.ts'

/** When a new session ends, as epoch milliseconds; `idleLifetime` is how long it may rest. */
export function sessionLifetimes(now: number, remember: boolean) {
  const idleLifetime = remember ? SESSION_IDLE_REMEMBERED : SESSION_IDLE
  return { idleLifetime, expiresAt: now + idleLifetime, absoluteExpiresAt: now + SESSION_ABSOLUTE }
}

/** Whether a session is one that its visitor asked to keep. */
export const isRemembered = ({ idleLifetime }: Pick<Session, 'idleLifetime'>) =>
  idleLifetime === SESSION_IDLE_REMEMBERED

type Times = Pick<Session, 'createdAt' | 'lastSeenAt' | 'idleLifetime' | 'expiresAt' | 'absoluteExpiresAt'>

/**
 * `active` as it is, `renew` when its use is worth writing down, or `expired`. A clock that ran ahead must not lengthen a
 * session: one that began then is not valid yet, and one that was merely used then is renewed by the right time.
 */
export function sessionState(session: Times, now: number): 'active' | 'renew' | 'expired' {
  if (now >= session.expiresAt || now >= session.absoluteExpiresAt) return 'expired'
  if (session.createdAt > now + CLOCK_TOLERANCE) return 'expired'
  return Math.abs(now - session.lastSeenAt) >= SESSION_TOUCH_EVERY ? 'renew' : 'active'
}

/** The end of a session used now: later by its idle lifetime, never past its absolute end. */
export const renewedUntil = (session: Times, now: number) =>
  Math.min(now + session.idleLifetime, session.absoluteExpiresAt)
