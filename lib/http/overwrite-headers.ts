import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Env } from '../env.ts'
import { requestId } from '../random.ts'
import { clientAddress } from './client-address.ts'
import { isRouterState } from './router-state.ts'

/** What only a proxy of ours, Next itself or nobody may say. Left in, each would be believed somewhere further in. */
const NOT_FROM_CLIENTS = [
  'forwarded',
  'x-real-ip',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-middleware-subrequest',
  'x-nonce',
  'content-security-policy',
  'content-security-policy-report-only',
]
const ROUTER_STATE = 'next-router-state-tree'

type Trust = Pick<Env, 'appOrigin' | 'trustedProxyHops'>

type Incoming = Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'socket'>

/** After this, the request carries one client address, one scheme and one id, and all three are ours. */
export function overwriteHeaders(request: Incoming, trust: Trust): void {
  const { headers, socket } = request
  // Node joins repeated X-Forwarded-For with commas, so this is the whole list in order.
  const forwardedFor = headers['x-forwarded-for']?.toString()
  // Deleting what is not there would still make every later look at the headers slower.
  for (const name of NOT_FROM_CLIENTS) if (name in headers) delete headers[name]
  if (ROUTER_STATE in headers && !isRouterState(String(headers[ROUTER_STATE]))) delete headers[ROUTER_STATE]
  headers['x-forwarded-for'] = clientAddress(socket.remoteAddress, forwardedFor, trust.trustedProxyHops)
  headers['x-request-id'] = requestId()
  headers['x-forwarded-proto'] = trust.appOrigin.startsWith('https:') ? 'https' : 'http'
  // Whoever reads the headers as they came over the wire must not find the client's own there.
  request.rawHeaders = inOrder(headers)
}

/** Names and values in turn, as they come over the wire. */
function inOrder(headers: IncomingHttpHeaders): string[] {
  const raw: string[] = []
  for (const [name, value = []] of Object.entries(headers)) {
    if (typeof value === 'string') raw.push(name, value)
    else for (const one of value) raw.push(name, one)
  }
  return raw
}
