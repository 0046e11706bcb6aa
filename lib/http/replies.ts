import type { CurrentSession } from '../auth/current-session.ts'
import type { IssuedChallenge } from '../auth/issue-challenge.ts'
import type { ListedSession, ListedSessions } from '../auth/list-sessions.ts'
import type { ChallengePreview } from '../auth/preview-challenge.ts'
import { type Failure, ok } from '../auth/result.ts'
import type { SignedIn } from '../auth/start-session.ts'
import { endPendingCookie, endSessionCookie, sessionCookie } from './cookies.ts'
import { endedInWords } from './ended-in-words.ts'
import { readUserAgent } from './user-agent.ts'

/** What a handler decided, before it is known whether the caller reads JSON or is a form that wants to be sent on. */
export type Reply =
  | {
      ok: true
      status: 200 | 202
      body: { message: string } & Record<string, unknown>
      /** The screen a form is sent to. `next`: rather where the visitor was going, if that is known. */
      screen: string
      next?: true
      /** Said on that screen; the code names it for the page. */
      notice?: string
      cookies?: string[]
      /** The challenge the next screen is about. */
      pending?: IssuedChallenge
    }
  | { ok: false; failure: Failure }

export const failed = (failure: Failure): Reply => ({ ok: false, failure })

export const iso = (epochMilliseconds: number) => new Date(epochMilliseconds).toISOString()

/** A challenge was made, or a decoy: nobody can tell. */
export function challengeSent(
  issued: IssuedChallenge,
  to: { message: string; screen: string; notice?: string },
  withResendAt = true,
): Reply {
  const { challengeId, expiresAt, resendAt } = issued
  return {
    ok: true,
    status: 202,
    body: {
      message: to.message,
      challengeId,
      expiresAt: iso(expiresAt),
      ...(withResendAt && { resendAt: iso(resendAt) }),
    },
    screen: to.screen,
    ...(to.notice && { notice: to.notice }),
    pending: issued,
  }
}

const publicUser = ({ id, email, verifiedAt }: CurrentSession['user']) => ({
  id,
  email,
  verifiedAt: verifiedAt === null ? null : iso(verifiedAt),
})

export const publicSession = (session: CurrentSession['session']) => ({
  id: session.id,
  createdAt: iso(session.createdAt),
  lastSeenAt: iso(session.lastSeenAt),
  expiresAt: iso(session.expiresAt),
})

const HOME: { screen: string; next?: true; notice?: string } = { screen: '/account', next: true }

/** A session began. Its cookie lives as long as the session can, or as long as the browser. */
export function signedIn({ user, session, token, remember }: SignedIn, message: string, to = HOME): Reply {
  const maxAge = remember ? Math.floor((session.absoluteExpiresAt - session.createdAt) / 1000) : undefined
  return {
    ok: true,
    status: 200,
    body: { message, user: publicUser(user) },
    ...to,
    cookies: [sessionCookie(token, maxAge), endPendingCookie()],
  }
}

/** Something is done; `notice` names it for the screen a form is sent to. */
export function done(message: string, to: { screen: string; notice: string }): Reply {
  return { ok: true, status: 200, body: { message }, ...to, cookies: [endPendingCookie()] }
}

export function signedOut(message: string): Reply {
  return {
    ok: true,
    status: 200,
    body: { message },
    screen: '/signin',
    notice: 'signed_out',
    cookies: [endSessionCookie()],
  }
}

/** So many sessions were ended elsewhere; this one goes on. */
export function sessionsEnded(ended: number): Reply {
  return {
    ok: true,
    status: 200,
    body: { message: endedInWords(ended), ended },
    screen: '/account/sessions',
    notice: 'sessions_ended',
  }
}

export function previewed(preview: ChallengePreview): Reply {
  const message = 'This link is good.'
  return { ok: true, status: 200, body: { message, ...preview, askedAt: iso(preview.askedAt) }, screen: '/magic-link' }
}

export const sessionBody = ({ user, session }: CurrentSession) =>
  ok({ user: publicUser(user), session: publicSession(session) })

/** A session among those of its owner, with where it began in words. */
export const listedSession = (session: ListedSession) => ({
  ...publicSession(session),
  ...readUserAgent(session.userAgent),
  ip: session.ip,
  remembered: session.remembered,
  current: session.current,
})

export const sessionsBody = ({ sessions }: ListedSessions) => ok({ sessions: sessions.map(listedSession) })
