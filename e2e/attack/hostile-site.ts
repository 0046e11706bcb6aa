import { once } from 'node:events'
import { createServer, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HostileSite {
  /** Another site: another host, whatever the port. */
  crossSite: string
  /** The same host by another port: the browser calls it same-site and sends Lax cookies along. */
  sameSite: string
  port: number
  /** Puts a page up. Gives its path. */
  put(html: string, headers?: OutgoingHttpHeaders): string
  close(): void
}

/** A web server of somebody else's, on this machine so that no test needs the internet. */
export async function startHostileSite(): Promise<HostileSite> {
  const pages: { html: string; headers: OutgoingHttpHeaders }[] = []
  const server = createServer((request, response) => {
    const page = pages[Number(request.url?.slice(1))]
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', ...page?.headers })
    response.end(page?.html)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    crossSite: `http://127.0.0.1:${port}`,
    sameSite: `http://localhost:${port}`,
    port,
    put: (html, headers = {}) => `/${pages.push({ html, headers }) - 1}`,
    close: () => server.close(),
  }
}

const inAttribute = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')

/** A form that a page sends by itself, as soon as it is there. */
export function form(action: string, enctype: string, body: Record<string, string>, target = '_self'): string {
  // As text/plain the names and values stand as they are, with "=" between: a whole JSON text fits into one name.
  const json = JSON.stringify({ ...body, filler: '=' })
  const fields = enctype === 'text/plain' ? { [json.slice(0, -3)]: '"}' } : body
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input name="${inAttribute(name)}" value="${inAttribute(value)}">`,
  )
  const start = `<form method="post" action="${action}" enctype="${enctype}" target="${target}">`
  return `${start}${inputs.join('')}</form><script>document.forms[0].submit()</script>`
}
