import { randomUUID } from 'node:crypto'
import { codeIn, linkIn, newestMail } from './mailbox.ts'

export interface Answer {
  status: number
  text: string
  headers: Headers
}

export type Init = { method?: string; headers?: Record<string, string>; body?: string }

/** What curl with a cookie jar is: JSON in, JSON out, and every cookie kept. `headers` go with every call. */
export class ApiClient {
  readonly origin: string
  readonly headers: Record<string, string>
  readonly cookies = new Map<string, string>()

  constructor(origin: string, headers: Record<string, string> = {}) {
    this.origin = origin
    this.headers = headers
  }

  call(path: string, body?: object): Promise<Answer> {
    const headers = { 'content-type': 'application/json' }
    return this.send(path, body && { method: 'POST', headers, body: JSON.stringify(body) })
  }

  /** Anything else that can be asked. No redirect is followed. */
  async send(path: string, { headers = {}, ...init }: Init = {}): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(this.origin + path, {
      ...init,
      headers: { ...this.headers, ...(cookie && { cookie }), ...headers },
      redirect: 'manual',
    })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/u.exec(set) ?? []
      if (set.includes('Max-Age=0')) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return { status: response.status, text: await response.text(), headers: response.headers }
  }
}

export const newAddress = () => `visitor-${randomUUID()}@example.com`

/** The id, code and token of the newest mail's challenge. */
export async function newestChallenge(origin: string, email: string, after?: { id: string }) {
  return challengeIn(await newestMail(email, { origin, ...(after && { after }) }))
}

/** A mail, and the id, code and token of its challenge. */
export function challengeIn<Mail extends { text: string }>(mail: Mail) {
  const [, challengeId = '', linkToken = ''] = /#c=([\w-]+)&t=([\w-]+)/u.exec(linkIn(mail)) ?? []
  return { mail, challengeId, code: codeIn(mail), linkToken }
}
