import { lookup } from 'node:dns/promises'
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import ipaddr from 'ipaddr.js'
import { DOCTOR_QUESTION } from '#lib/http/doctor-question'

const TIMEOUT_MS = 10_000
/** More than GET /health ever says. */
const LONGEST = 10_000
/** Documentation addresses (RFC 5737), which no client has. As many as TRUSTED_PROXY_HOPS can count. */
export const FORGED = Array.from({ length: 9 }, (_, index) => `198.51.100.${index + 1}`)
/** This machine too, on Linux, and yet not the address that a proxy on it calls from. */
const OTHER_LOOPBACK = '127.0.0.77'

/** `isVestibule`: it answered as GET /health does. `ownAddress`: where this end of the connection was. */
export interface Answer {
  status: number
  isVestibule: boolean
  seenAddress: string | null
  ownAddress: string
  /** By the clock over there, epoch milliseconds. */
  date: number | null
}

/** Asks GET /health, with an X-Forwarded-For made up, whose request that was. Rejects when nothing answers. */
export async function askApp(origin: string, question: string): Promise<Answer> {
  const url = new URL('/health', origin)
  const headers = { 'x-forwarded-for': FORGED.join(', '), [DOCTOR_QUESTION]: question }
  const options = { headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS), ...(await fromElsewhere(url)) }
  const { response, ownAddress } = await send(url, options)
  const body = await readJson(response)
  return {
    status: response.statusCode ?? 0,
    isVestibule: body.status === 'ok',
    seenAddress: typeof body.seenAddress === 'string' ? body.seenAddress : null,
    ownAddress,
    date: Date.parse(response.headers.date ?? '') || null,
  }
}

/** Towards this very machine, calls from an address that cannot be mistaken for the proxy's. */
async function fromElsewhere({ hostname }: URL): Promise<Pick<RequestOptions, 'localAddress' | 'family'>> {
  const addresses = await lookup(hostname.replace(/^\[|\]$/gu, ''), { all: true })
  const isLocal = addresses.every(({ address }) => address.startsWith('127.'))
  return isLocal && process.platform === 'linux' ? { localAddress: OTHER_LOOPBACK, family: 4 } : {}
}

function send(url: URL, options: RequestOptions): Promise<{ response: IncomingMessage; ownAddress: string }> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const sending = request(url, options, (response) => {
      resolve({ response, ownAddress: ipaddr.process(response.socket.localAddress ?? '0.0.0.0').toString() })
    })
    sending.once('error', reject).end()
  })
}

async function readJson(response: IncomingMessage): Promise<Record<string, unknown>> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) {
    text += chunk
    if (text.length > LONGEST) break
  }
  try {
    return Object(JSON.parse(text))
  } catch {
    return {}
  }
}
