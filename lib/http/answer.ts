import type { Failure } from '../auth/result.ts'
import type { Call } from './caller.ts'
import { flashCookie, pendingCookie } from './cookies.ts'
import type { Flash } from './flash.ts'
import { problemOf } from './problems.ts'
import type { Reply } from './replies.ts'
import { apiHeaders, jsonResponse, problemResponse, seeOther } from './respond.ts'

/** What an answer needs to know of the request besides the reply itself. */
export interface Visit {
  call: Call
  /** Where a form that fails is sent back to. */
  screen: string
  /** Where the visitor was going; a path of this site. */
  next: string | null
  /** As typed, to fill the form with again. */
  email?: string | undefined
}

export function jsonAnswer(reply: Reply, visit: Visit): Response {
  const { requestId } = visit.call.caller
  const headers = apiHeaders(requestId, answerCookies(reply, visit))
  return reply.ok ? jsonResponse(reply.status, reply.body, headers) : problemResponse(reply.failure, requestId, headers)
}

/** 303 to a screen, on success and on failure: what happened travels in the flash cookie. */
export function formAnswer(reply: Reply, visit: Visit): Response {
  const location = reply.ok ? (reply.next && visit.next) || reply.screen : failureScreen(reply.failure, visit)
  const flash = flashOf(reply, visit, new URL(location, 'http://any.invalid').pathname)
  const cookies = [...answerCookies(reply, visit), ...(flash ? [flashCookie(flash)] : [])]
  return seeOther(location, apiHeaders(visit.call.caller.requestId, cookies))
}

const withNext = (screen: string, next: string | null) => (next ? `${screen}?next=${encodeURIComponent(next)}` : screen)

const failureScreen = (failure: Failure, { screen, next }: Visit) =>
  failure.code === 'email_unverified' ? '/verify' : withNext(screen, next)

function flashOf(reply: Reply, { email }: Visit, screen: string): Flash | null {
  if (reply.ok) {
    return reply.notice ? { screen, kind: 'notice', code: reply.notice, message: reply.body.message } : null
  }
  const { detail, errors, retryAfter } = problemOf(reply.failure)
  return {
    screen,
    kind: 'failure',
    code: reply.failure.code,
    message: detail,
    // A cookie has 4,096 bytes and a browser drops a longer one: what is longer than this, or not even text, was never an address.
    ...(email !== undefined && { email: email.replace(/[^\P{C} ]/gu, '').slice(0, 320) }),
    ...(errors && { errors: errors.slice(0, 5).map((error) => ({ ...error, field: plainField(error.field) })) }),
    ...(retryAfter !== undefined && { retryAfter }),
  }
}

/** Fields are named by whoever sends them; ours are plain words. */
const plainField = (field: string) => field.replace(/[^\w.]/gu, '').slice(0, 40)

/** The device's cookie, the reply's own, and the challenge that the next screen is about. */
function answerCookies(reply: Reply, { call, next }: Visit): string[] {
  // To another site's form a browser gives no Lax cookie: a new device would replace the one the visitor has.
  if (!reply.ok && reply.failure.code === 'cross_origin') return []
  const open = reply.ok ? reply.pending : reply.failure.code === 'email_unverified' ? reply.failure.challenge : null
  const cookies = [...call.cookies, ...((reply.ok && reply.cookies) || [])]
  if (!open) return cookies
  const { purpose, challengeId, email, sentAt, resendAt } = open
  return [...cookies, pendingCookie({ purpose, challengeId, email, sentAt, resendAt, ...(next && { next }) })]
}
