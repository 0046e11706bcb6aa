import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'

/**
 * A line for each request once it is answered or cut off: an error from 500 on. A method that is not there is refused in four
 * places, a page of Next's among them: here they are one line.
 */
export function logWhenDone(request: IncomingMessage, response: ServerResponse, log: Logger): void {
  const { method, url, headers } = request
  const began = performance.now()
  response.on('close', () => {
    const status = response.statusCode
    const requestId = headers['x-request-id']
    const ms = Math.round(performance.now() - began)
    // The query is left out: it holds what visitors typed.
    const path = url?.split('?')[0]
    const entry = { method, path, status, ms, requestId, finished: response.writableFinished }
    log[status >= 500 ? 'error' : 'debug'](entry, 'request')
    const ip = headers['x-forwarded-for']
    if (status === 405) log.warn({ requestId, path, ip, failure: 'method_not_allowed' }, 'request refused')
  })
}
