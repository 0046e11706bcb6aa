import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { deps } from '#lib/deps'
import { env } from '#lib/env'
import { readMailbox } from '#lib/mail/mailbox'
import { currentSession } from '../auth/current-session.ts'
import { listSessions } from '../auth/list-sessions.ts'
import { isRemembered } from '../auth/session.ts'
import { FLASH_COOKIE, PENDING_COOKIE, readCookies } from './cookies.ts'
import { endedInWords } from './ended-in-words.ts'
import { decodeFlash, decodePending, type Flash, type Pending } from './flash.ts'
import { logRefusal } from './log-refusal.ts'
import { noteOutage } from './page-in-making.ts'
import { iso, listedSession, publicSession } from './replies.ts'

// What pages read. Each asks here, where it reads its data: proxy.ts never decides who may see what.

export interface PageSession {
  user: { id: string; email: string; verifiedAt: string }
  session: { id: string; createdAt: string; lastSeenAt: string; expiresAt: string; remembered: boolean }
}

/** Who is signed in, asked of the database. */
export async function pageSession(): Promise<PageSession | null> {
  const { session: token } = readCookies((await headers()).get('cookie'))
  const found = await currentSession(deps(), token).catch(noteOutage)
  if (!found.ok) return null
  const { user, session } = found.value
  const { id, email, verifiedAt } = user
  const remembered = isRemembered(session)
  return { user: { id, email, verifiedAt: iso(verifiedAt ?? 0) }, session: { ...publicSession(session), remembered } }
}

/** For a page that is its owner's alone, at `path`: whoever is not signed in is sent to sign in, and comes back after it. */
export async function ownPageSession(path: string): Promise<PageSession> {
  return (await pageSession()) ?? (await goToSignin(path))
}

export interface PageSessions {
  email: string
  sessions: ReturnType<typeof listedSession>[]
}

/** The same with every session of the account, the last used first. */
export async function ownPageSessions(path: string): Promise<PageSessions> {
  const { session: token } = readCookies((await headers()).get('cookie'))
  const found = await listSessions(deps(), token).catch(noteOutage)
  if (!found.ok) return goToSignin(path)
  return { email: found.value.user.email, sessions: found.value.sessions.map(listedSession) }
}

async function goToSignin(path: string): Promise<never> {
  // server.ts has overwritten this header with the one address it saw.
  logRefusal({ code: 'not_signed_in' }, { path, ip: (await headers()).get('x-forwarded-for') ?? '' })
  return redirect(`/signin?next=${path}`)
}

/** What the end of sessions says with JavaScript, by the number in the address; without it the same comes as a flash. */
export const noticeOfEnded = (ended: string | undefined) =>
  ended && /^\d{1,2}$/u.test(ended) ? { kind: 'notice' as const, message: endedInWords(Number(ended)) } : null

/** What the last form post of a browser without JavaScript left for this screen. */
export async function pageFlash(screen: string): Promise<Flash | null> {
  const flash = decodeFlash((await cookies()).get(FLASH_COOKIE)?.value)
  return flash?.screen === screen ? flash : null
}

/** The challenge this browser asked for last. */
export async function pagePending(): Promise<Pending | null> {
  return decodePending((await cookies()).get(PENDING_COOKIE)?.value)
}

/** Newest first; null when mail goes somewhere real. */
export async function pageMailbox(to?: string) {
  return env().mail.kind === 'mailbox' ? readMailbox(deps().db, to).catch(noteOutage) : null
}

export function pageSite() {
  const { siteName, passwordMinLength, mail } = env()
  return { siteName, passwordMinLength, hasMailbox: mail.kind === 'mailbox' }
}
