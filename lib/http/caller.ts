import type { Caller } from '../auth/deps.ts'
import { TOKEN_BYTES } from '../auth/policy.ts'
import { hashToken } from '../auth/token.ts'
import { systemRandom } from '../random.ts'
import { deviceCookie, readCookies } from './cookies.ts'
import { originOf } from './origin.ts'
import { requestIdOf } from './request-id.ts'
import { readUserAgent } from './user-agent.ts'

const USER_AGENT_MAX = 300

/** What is asked by a request that changes nothing. The rest of a Caller takes longer to find than most answers to give. */
export type Visitor = Pick<Caller, 'requestId' | 'ip' | 'sessionToken'>

export const visitorOf = (request: Request): Visitor =>
  visitorWith(request, readCookies(request.headers.get('cookie')).session)

const visitorWith = (request: Request, sessionToken: string | null): Visitor => ({
  requestId: requestIdOf(request),
  // server.ts has overwritten this header with the one address it saw.
  ip: request.headers.get('x-forwarded-for') ?? '',
  sessionToken,
})

/**
 * Who is calling. `cookies` are to be set with the answer: a browser without a device cookie gets its own. `pending` is
 * the challenge it asked for last, as its cookie says.
 */
export interface Call {
  caller: Caller
  cookies: string[]
  pending: string | undefined
}

export function callOf(request: Request): Call {
  const { session, device, pending } = readCookies(request.headers.get('cookie'))
  const visitor = visitorWith(request, session)
  const deviceToken = device ?? systemRandom.token(TOKEN_BYTES)
  // Control characters cannot arrive in a header; what is not ASCII is not worth keeping.
  const userAgent = (request.headers.get('user-agent') ?? '').replace(/[^\u0020-\u007e]/gu, '').slice(0, USER_AGENT_MAX)
  let asked: Caller['askedFrom'] | undefined
  const caller: Caller = {
    ...visitor,
    origin: originOf(visitor.ip),
    deviceHash: hashToken(deviceToken),
    userAgent,
    // Only mail and the link's page say it, and a refusal is sent in the time that reading it takes. Once, for whoever does.
    get askedFrom() {
      asked ??= readUserAgent(userAgent)
      return asked
    },
  }
  return { caller, cookies: device === null ? [deviceCookie(deviceToken)] : [], pending }
}
