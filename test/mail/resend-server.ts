import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface SentEmail {
  from: string
  to: string
  subject: string
  html: string
  text: string
  headers: Record<string, string>
}

/** One POST /emails as it came in. */
export interface Recorded {
  path: string
  authorization: string | undefined
  idempotencyKey: string | undefined
  email: SentEmail
}

/** An answer of the API in JSON, or a server that does not behave like one. */
export type Mode =
  | 'ok'
  | { status: number; body: unknown; headers?: Record<string, string> }
  | 'garbage'
  | 'hang'
  | 'hang after the headers'
  | 'redirect'
  | 'close'

/** The error of Resend's API with this status and name (its page "Errors"). */
export const apiError = (statusCode: number, name: string, headers?: Record<string, string>): Mode => ({
  status: statusCode,
  body: { statusCode, name, message: `${name} for ann@example.net` },
  ...(headers && { headers }),
})

function answer(mode: Mode, response: ServerResponse, id: string) {
  if (mode === 'hang') return
  if (mode === 'close') return response.destroy()
  if (mode === 'redirect') return response.writeHead(307, { location: '/elsewhere' }).end()
  if (mode === 'garbage') return response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>It works!</h1>')
  if (mode === 'hang after the headers')
    return response.writeHead(200, { 'content-type': 'application/json' }).write('{')
  const { status, body, headers } = mode === 'ok' ? { status: 200, body: { id }, headers: {} } : mode
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

async function record(request: IncomingMessage): Promise<Recorded> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return {
    path: `${request.method} ${request.url}`,
    authorization: request.headers.authorization,
    idempotencyKey: request.headers['idempotency-key']?.toString(),
    email: JSON.parse(Buffer.concat(chunks).toString('utf8')),
  }
}

/** Speaks Resend's API as far as one email goes: a repeated idempotency key gets the answer of the first again. */
export async function startResendServer() {
  const requests: Recorded[] = []
  const sent = new Map<string, SentEmail>()
  const state: { mode: Mode } = { mode: 'ok' }
  const server = createServer(async (request, response) => {
    const recorded = await record(request)
    requests.push(recorded)
    const key = recorded.idempotencyKey ?? ''
    if (state.mode === 'ok' && !sent.has(key)) sent.set(key, recorded.email)
    answer(state.mode, response, `email-${key}`)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sent,
    state,
    close: async () => {
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
    },
  }
}
