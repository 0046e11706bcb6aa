import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'

export interface RawAnswer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** Asks for a path as it is written: fetch and Playwright would first tidy `//`, `..` and the headers. */
export function ask(
  origin: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
  { method = 'GET', body = '' }: { method?: string; body?: string | Uint8Array } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    // An answer that leads to a long path, in escapes, has longer headers than may be sent.
    const options = { hostname, port, path, method, headers, timeout: 10_000, maxHeaderSize: 65_536 }
    const asked = request(options, async (response) => {
      const text = (await response.toArray()).join('')
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
    })
    asked.once('error', reject)
    asked.once('timeout', () => asked.destroy(new Error(`${path} did not answer.`)))
    asked.end(body)
  })
}
