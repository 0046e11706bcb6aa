import { env } from '#lib/env'
import { type Failure, type FailureOf, fail, type Result } from '../auth/result.ts'
import { brokenMachinery } from './broken-machinery.ts'
import { type Visitor, visitorOf } from './caller.ts'
import { isCrossOrigin } from './cross-origin.ts'
import { iso } from './replies.ts'
import { apiHeaders, problemResponse } from './respond.ts'

interface Message {
  id: string
  to: string
  subject: string
  html: string
  text: string
  createdAt: number
}

export const mailboxMessages = (messages: Message[]) =>
  messages.map((message) => ({ ...message, createdAt: iso(message.createdAt) }))

type MailboxFailure = FailureOf<'not_found' | 'cross_origin'>

/** The mailbox is there only while no real mail is set up, and for this site alone. */
function refusal(request: Request): MailboxFailure | null {
  const { mail, isLoopback, appOrigin } = env()
  if (mail.kind !== 'mailbox' || !isLoopback) return { code: 'not_found' }
  return request.method !== 'GET' && isCrossOrigin(request.headers, appOrigin) ? { code: 'cross_origin' } : null
}

export function whileMailboxServes(handle: (request: Request) => Promise<Result<object, Failure>>) {
  return async (_visitor: Visitor, request: Request): Promise<Result<object, Failure>> => {
    const refused = refusal(request)
    return refused ? fail(refused) : handle(request)
  }
}

// The mail is shown as a client would show it: its own styles, no script, nothing fetched; a link opens in the page.
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'self'; frame-ancestors 'self'; sandbox allow-popups allow-top-navigation-by-user-activation"

/** An outage is an outage and not a mail that is gone. */
const findSafely = (find: (id: string) => Promise<Message | null>, id: string, requestId: string) =>
  find(id).catch((error: unknown) => brokenMachinery(error, requestId))

/** One mail of the mailbox as a document for its sandboxed frame. */
export function mailDocument(find: (id: string) => Promise<Message | null>) {
  return async (request: Request, context: { params: Promise<{ id: string }> }): Promise<Response> => {
    const { requestId } = visitorOf(request)
    const given = apiHeaders(requestId)
    const message = refusal(request) ? null : await findSafely(find, (await context.params).id, requestId)
    if (message === null) return problemResponse({ code: 'not_found' }, requestId, given)
    if ('code' in message) return problemResponse(message, requestId, given)
    const headers = new Headers(given)
    headers.set('content-type', 'text/html; charset=utf-8')
    headers.set('content-security-policy', MAIL_POLICY)
    return new Response(
      message.html.replace(/<head[^>]*>/u, (head) => `${head}<base target="_top">`),
      { headers },
    )
  }
}
