import type { Database } from '#db/client'
import { type TestDeps, testDeps } from './deps.ts'

// The routes as plain Node calls them: web Requests in, web Responses out, no server and no Next.

const APP = 'http://localhost:3000'

/** Builds the app that the routes find, around a fresh database. */
export async function testApp(): Promise<TestDeps & { db: Database }> {
  const deps = await testDeps()
  ;(globalThis as { [key: symbol]: unknown })[Symbol.for('vestibule.deps')] = deps
  return deps
}

export type Route = (request: Request) => Promise<Response>

interface Options {
  path?: string
  method?: string
  headers?: Record<string, string>
}

/** One browser's cookie jar: sends what it was given and keeps what it is given. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly ip: string

  constructor(ip = '192.0.2.1') {
    this.ip = ip
  }

  json(route: Route, body: unknown, options: Options = {}): Promise<Response> {
    return this.send(route, JSON.stringify(body), { 'content-type': 'application/json' }, options)
  }

  /** A list is a field that is there once for each value. */
  form(route: Route, fields: Record<string, string | string[]>, options: Options = {}): Promise<Response> {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    const pairs = Object.entries(fields).flatMap(([name, values]) => [values].flat().map((value) => [name, value]))
    return this.send(route, new URLSearchParams(pairs).toString(), type, options)
  }

  get(route: Route, options: Options = {}): Promise<Response> {
    return this.send(route, null, {}, { method: 'GET', ...options })
  }

  async send(route: Route, body: BodyInit | null, type: Record<string, string>, options: Options): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = {
      'x-forwarded-for': this.ip,
      'user-agent': FIREFOX,
      ...type,
      ...(cookie && { cookie }),
      ...options.headers,
    }
    const init = {
      method: options.method ?? 'POST',
      headers,
      body,
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    }
    const response = await route(new Request(`${APP}${options.path ?? '/'}`, init))
    this.keep(response)
    return response
  }

  private keep(response: Response): void {
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/u.exec(cookie) ?? []
      if (!name) continue
      if (/Max-Age=0/u.test(cookie)) this.cookies.delete(name)
      else this.cookies.set(name, value ?? '')
    }
  }

  /** What a form post left for the next screen. */
  flash(): Record<string, unknown> | null {
    const flash = this.cookies.get('__Host-flash')
    return flash ? JSON.parse(Buffer.from(flash, 'base64url').toString()) : null
  }
}

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

export const problemCode = async (response: Response) => [response.status, (await response.json()).code]
