import { findSession, touchSession } from '#db/queries/sessions'
import type { Deps } from './deps.ts'
import { SESSION_TOUCH_EVERY } from './policy.ts'
import { type FailureOf, fail, ok, type Result } from './result.ts'
import { renewedUntil, sessionState } from './session.ts'
import { hashToken } from './token.ts'

/** A live session and its owner, as far as requests need to know them. */
export type CurrentSession = NonNullable<Awaited<ReturnType<typeof findSession>>>

/** Who a session token belongs to, asked of the database every time, so that a revoked one is dead at once. */
export async function currentSession(
  deps: Deps,
  token: string | null,
): Promise<Result<CurrentSession, FailureOf<'not_signed_in'>>> {
  const now = deps.now()
  const found = token === null ? null : await deps.db.read((tx) => findSession(tx, hashToken(token), now))
  if (!found || sessionState(found.session, now) === 'expired') return fail({ code: 'not_signed_in' })
  if (sessionState(found.session, now) === 'active') return ok(found)
  const expiresAt = renewedUntil(found.session, now)
  await deps.db.run((tx) => touchSession(tx, found.session.id, now, expiresAt, now - SESSION_TOUCH_EVERY + 1))
  return ok({ user: found.user, session: { ...found.session, lastSeenAt: now, expiresAt } })
}
