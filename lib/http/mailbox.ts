import { env } from '#lib/env'
import { type Failure, type FailureOf, fail, ok, type Result } from '../auth/result.ts'
import type { Visitor } from './caller.ts'
import { isCrossOrigin } from './cross-origin.ts'
import { get } from './get.ts'
import { iso } from './replies.ts'
import type { HeaderList } from './respond.ts'

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

export function whileMailboxServes<Value>(handle: (request: Request) => Promise<Result<Value, Failure>>) {
  return async (_visitor: Visitor, request: Request): Promise<Result<Value, Failure>> => {
    const refused = refusal(request)
    return refused ? fail(refused) : handle(request)
  }
}

// The mail is shown as a client would show it: its own styles, no script, nothing fetched; a link opens in the page.
const MAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'self'; frame-ancestors 'self'; sandbox allow-popups allow-top-navigation-by-user-activation"

function mailPage({ html }: Message, given: HeaderList): Response {
  const headers = new Headers(given)
  headers.set('content-type', 'text/html; charset=utf-8')
  headers.set('content-security-policy', MAIL_POLICY)
  return new Response(
    html.replace(/<head[^>]*>/u, (head) => `${head}<base target="_top">`),
    { headers },
  )
}

/** One mail of the mailbox, named by the end of the path, as a document for its sandboxed frame. */
export const mailDocument = (find: (id: string) => Promise<Message | null>) =>
  get(
    whileMailboxServes(async (request) => {
      const message = await find(new URL(request.url).pathname.split('/').at(-1) ?? '')
      return message ? ok(message) : fail<MailboxFailure>({ code: 'not_found' })
    }),
    mailPage,
  )
