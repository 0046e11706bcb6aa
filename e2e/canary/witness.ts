import { type Answer, ApiClient, type Init } from '../api-client.ts'

/** The two cookies that are secrets: each is handed out by one `Set-Cookie` and may stand nowhere else. */
const SECRET_COOKIES = ['__Host-session', '__Host-device']
const HANDED_OUT = /^(__Host-(?:session|device))=[^;]*/u
/** Cookies whose value is base64url of JSON: what they say is looked at, too. */
const SPEAKING = /^(__Host-(?:flash|pending))=([^;]+)/u

export interface Testimony {
  /** `POST /auth/signin 401` */
  asked: string
  status: number
  /** The whole answer: its head without the secret that a `Set-Cookie` hands out, what its cookies say, and its body. */
  whole: string
}

/** A visitor who writes down every answer, and every session and device cookie that was ever given out. */
export class Witness extends ApiClient {
  readonly answers: Testimony[] = []
  readonly cookiesSeen = new Set<string>()

  override async send(path: string, init: Init = {}): Promise<Answer> {
    const answer = await super.send(path, init)
    for (const name of SECRET_COOKIES) {
      const value = this.cookies.get(name)
      if (value) this.cookiesSeen.add(value)
    }
    const { status, text } = answer
    const asked = `${init.method ?? 'GET'} ${path.split('?')[0]} ${status}`
    this.answers.push({ asked, status, whole: [...headOf(answer), text].join('\n') })
    return answer
  }

  /** As a browser without JavaScript: posts a form, and goes where it is sent, with what the answer left in a cookie. */
  async submit(path: string, fields: Record<string, string>): Promise<number> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams(fields).toString()
    const { status, headers: head } = await this.send(path, { method: 'POST', headers, body })
    const next = head.get('location')
    if (next) await this.send(next)
    return status
  }
}

function headOf({ headers }: Answer): string[] {
  return [...headers].flatMap(([name, value]) => {
    if (name !== 'set-cookie') return [`${name}: ${value}`]
    const [, speaking, encoded = ''] = SPEAKING.exec(value) ?? []
    const says = speaking ? [`${speaking}: ${Buffer.from(encoded, 'base64url').toString('utf8')}`] : []
    return [`${name}: ${value.replace(HANDED_OUT, '$1')}`, ...says]
  })
}
