import { once } from 'node:events'
import { type Agent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'

export interface RawRequest {
  method?: string
  headers?: Record<string, string | string[]>
  body?: string
  agent?: Agent
  /** A client's own address: all of 127.0.0.0/8 is this machine, and each of them counts as an origin. */
  localAddress?: string
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** Sends a path as it is written: fetch would first tidy `//` and `..` away. Resolves with the status, the body read. */
export async function rawRequest(origin: string, path: string, sent: RawRequest = {}): Promise<number> {
  const { hostname, port, protocol } = new URL(origin)
  const { body = '', headers, ...options } = sent
  // The certificate is one that nobody signed: it was made a moment ago for this proxy.
  const target: RequestOptions & { rejectUnauthorized: boolean } = {
    host: hostname === 'localhost' ? '127.0.0.1' : hostname,
    port,
    path,
    rejectUnauthorized: false,
    ...options,
    // Said outright: Node sends the body of a GET without it, as if it were a second request.
    headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
  }
  const request = (protocol === 'https:' ? httpsRequest : httpRequest)(target)
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.resume()
  if (!response.complete) await once(response, 'end')
  return response.statusCode ?? 0
}

/** A sign-in with a wrong password. */
export const hostileSignin = (email: string, headers: RawRequest['headers'] = {}): RawRequest => ({
  method: 'POST',
  headers: { ...JSON_TYPE, ...headers },
  body: JSON.stringify({ email, password: 'not the password' }),
})
