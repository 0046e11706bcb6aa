/** One mail as it came over the wire. Header names are in lower case; bodies are decoded. */
export interface ParsedMail {
  headers: Map<string, string>
  text: string
  html: string
}

function split(source: string) {
  const end = source.indexOf('\r\n\r\n')
  // A line that starts with white space continues the one before it.
  const lines = source
    .slice(0, end)
    .replace(/\r\n(?=[ \t])/gu, '')
    .split('\r\n')
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  return { headers, body: source.slice(end + 4) }
}

function decode(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding !== 'quoted-printable') return body
  const bytes = body
    .replace(/=\r\n/gu, '')
    .replace(/=([0-9A-F]{2})/gu, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** Reads a multipart/alternative mail, which is all that this project sends. */
export function parseMail(source: string): ParsedMail {
  const { headers, body } = split(source)
  const boundary = /boundary="?([^";]+)/u.exec(headers.get('content-type') ?? '')?.[1]
  if (!boundary) throw new Error(`Not a multipart mail: ${headers.get('content-type')}`)
  // The line break before a boundary belongs to the boundary.
  const parts = `\r\n${body}`
    .split(`\r\n--${boundary}`)
    .slice(1, -1)
    .map((part) => split(part.replace(/^\r\n/u, '')))
  const read = (type: string) => {
    const part = parts.find((candidate) => candidate.headers.get('content-type')?.startsWith(type))
    if (!part) throw new Error(`No ${type} in this mail`)
    return decode(part.body, part.headers.get('content-transfer-encoding') ?? '').replaceAll('\r\n', '\n')
  }
  return { headers, text: read('text/plain'), html: read('text/html') }
}
