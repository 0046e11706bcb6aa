import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { systemRandom } from '../random.ts'
import { RETRY_AFTER_SECONDS } from './broken-machinery.ts'
import { brokenPage } from './broken-page.ts'
import { makePage, type PageInMaking } from './page-in-making.ts'

/** Of what Next meant to send, and not true of what is sent. A flash that nobody has read stays for the next try. */
const NOT_OURS = ['content-encoding', 'etag', 'link', 'set-cookie', 'transfer-encoding', 'vary']

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/**
 * Where Next fails to make a page it sends an empty one with status 500, and scripts that would fill it. Whoever runs none
 * reads nothing then. So such an answer is replaced here by a page that needs none, with 503 where only the database was
 * out of reach; answers for programs stay as they are. `answer` is Next's.
 */
export function replaceBrokenPages(answer: Answer, siteName: string): Answer {
  return (request, response) => {
    const page = { unavailable: false }
    replaceIfBroken(request, response, siteName, page)
    return makePage(page, () => answer(request, response))
  }
}

function replaceIfBroken(
  request: IncomingMessage,
  response: ServerResponse,
  siteName: string,
  making: PageInMaking,
): void {
  const sent = { writeHead: response.writeHead, write: response.write, end: response.end }
  let page: Buffer | null = null
  const breaks = (status: number) => status >= 500 && isForPeople(response.getHeader('content-type'))
  const headNow = () => {
    if (!response.headersSent && breaks(response.statusCode)) response.writeHead(response.statusCode)
  }

  response.writeHead = (status: number, ...rest: unknown[]) => {
    if (!breaks(status)) return Reflect.apply(sent.writeHead, response, [status, ...rest])
    const { html, policy } = brokenPage(siteName, String(request.headers['x-request-id']), systemRandom.token(16))
    page = Buffer.from(html)
    for (const name of NOT_OURS) response.removeHeader(name)
    if (!making.unavailable) return sent.writeHead.call(response, status, headersOf(page, policy))
    return sent.writeHead.call(response, 503, {
      ...headersOf(page, policy),
      'retry-after': String(RETRY_AFTER_SECONDS),
    })
  }
  response.write = (...chunk: unknown[]) => {
    headNow()
    return page !== null || Reflect.apply(sent.write, response, chunk)
  }
  response.end = (...chunk: unknown[]) => {
    headNow()
    return Reflect.apply(sent.end, response, page ? [page] : chunk)
  }
}

/** Next says no type where it fails before it knows one. */
const isForPeople = (type: unknown) => type === undefined || /^text\/(?:html|plain)/u.test(String(type))

const headersOf = (page: Buffer, policy: string): OutgoingHttpHeaders => ({
  'cache-control': 'no-store',
  'content-length': page.length,
  'content-security-policy': policy,
  'content-type': 'text/html; charset=utf-8',
})
