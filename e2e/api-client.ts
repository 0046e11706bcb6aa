import { randomUUID } from 'node:crypto'
import { codeIn, linkIn, newestMail } from './mailbox.ts'

/** What curl with a cookie jar is: JSON in, JSON out, and every cookie kept. */
export class ApiClient {
  readonly origin: string
  readonly cookies = new Map<string, string>()

  constructor(origin: string) {
    this.origin = origin
  }

  async call(path: string, body?: object): Promise<{ status: number; text: string; headers: Headers }> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(this.origin + path, {
      headers: { ...(cookie && { cookie }), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
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
export async function newestChallenge(origin: string, email: string, after?: Awaited<ReturnType<typeof newestMail>>) {
  const mail = await newestMail(email, { origin, ...(after && { after }) })
  const link = linkIn(mail)
  const [, challengeId = '', linkToken = ''] = /#c=([\w-]+)&t=([\w-]+)/u.exec(link) ?? []
  return { mail, challengeId, code: codeIn(mail), linkToken }
}
