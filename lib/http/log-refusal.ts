import { log } from '#lib/log'
import type { Failure } from '../auth/result.ts'
import type { Visitor } from './caller.ts'
import { problemOf } from './problems.ts'

/** `requestId`: as in the answer; pages carry none. */
interface Refused {
  path: string
  ip: string
  requestId?: string
}

/** What was refused, and to whom; never what was sent. What breaks is logged where it breaks, and by server.ts. */
export function logRefusal(failure: Failure, { path, ip, requestId }: Refused): void {
  if (problemOf(failure).status >= 500) return
  // Every visitor begins by not being signed in, and a page of yours may ask each minute: that is no warning.
  const level = failure.code === 'not_signed_in' ? 'info' : 'warn'
  log[level]({ requestId, path, ip, failure: failure.code }, 'request refused')
}

/** The same of a request to the API, by its path alone: what stands behind it may be anything. */
export const logRefusedRequest = (failure: Failure, { url }: Request, { ip, requestId }: Visitor): void =>
  logRefusal(failure, { path: new URL(url).pathname, ip, requestId })
