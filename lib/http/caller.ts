import Bowser from 'bowser'
import type { Caller } from '../auth/deps.ts'
import { ID_BYTES, TOKEN_BYTES } from '../auth/policy.ts'
import { hashToken } from '../auth/token.ts'
import { systemRandom } from '../random.ts'
import { deviceCookie, readCookies } from './cookies.ts'
import { originOf } from './origin.ts'

const USER_AGENT_MAX = 300
// What a browser calls itself is shown to people in mail and on the link's page: plain words and numbers only.
const plain = (text: string | undefined, unknown: string) =>
  text?.replace(/[^\p{L}\p{N} .()/-]/gu, '').slice(0, 40) || unknown

function askedFrom(userAgent: string) {
  const unknown = { browser: 'an unknown browser', system: 'an unknown system' }
  if (userAgent === '') return unknown
  const { browser, os } = Bowser.parse(userAgent)
  return { browser: plain(browser.name, unknown.browser), system: plain(os.name, unknown.system) }
}

/** Who is calling. `cookies` are to be set with the answer: a browser without a device cookie gets its own. */
export interface Call {
  caller: Caller
  cookies: string[]
}

export function callOf(request: Request): Call {
  const { session, device } = readCookies(request.headers.get('cookie'))
  const deviceToken = device ?? systemRandom.token(TOKEN_BYTES)
  // Control characters cannot arrive in a header; what is not ASCII is not worth keeping.
  const userAgent = (request.headers.get('user-agent') ?? '').replace(/[^\u0020-\u007e]/gu, '').slice(0, USER_AGENT_MAX)
  // server.ts has overwritten this header with the one address it saw.
  const ip = request.headers.get('x-forwarded-for') ?? ''
  const caller: Caller = {
    requestId: systemRandom.token(ID_BYTES),
    ip,
    origin: originOf(ip),
    deviceHash: hashToken(deviceToken),
    userAgent,
    askedFrom: askedFrom(userAgent),
    sessionToken: session,
  }
  return { caller, cookies: device === null ? [deviceCookie(deviceToken)] : [] }
}
