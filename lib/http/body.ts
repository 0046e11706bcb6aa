import { BODY_MAX_BYTES } from '../auth/policy.ts'
import { type FailureOf, fail, ok, type Result } from '../auth/result.ts'
import { LIST_FIELDS } from '../schemas.ts'

export type BodyFormat = 'json' | 'form'
export type BodyFailure = FailureOf<'unsupported_media_type' | 'payload_too_large' | 'invalid_input'>

/** Which of the two body types a request carries; null for every other. A request without one carries an empty object. */
export function bodyFormat(request: Request): BodyFormat | null {
  const header = request.headers.get('content-type')
  if (header === null) return 'json'
  const [type, ...parameters] = header
    .toLowerCase()
    .split(';')
    .map((part) => part.trim())
  if (parameters.some((parameter) => parameter !== '' && !/^charset="?utf-8"?$/u.test(parameter))) return null
  if (type === 'application/json') return 'json'
  return type === 'application/x-www-form-urlencoded' ? 'form' : null
}

const malformed = (message: string) =>
  fail({ code: 'invalid_input', errors: [{ field: '', code: 'malformed', message }] } as const)

/** The body as an object of plain values, read no further than the limit whatever length was announced. */
export async function readBody(request: Request, format: BodyFormat): Promise<Result<object, BodyFailure>> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_MAX_BYTES) return fail({ code: 'payload_too_large' })
  const bytes = await readAtMost(request, BODY_MAX_BYTES)
  if (bytes === null) return fail({ code: 'payload_too_large' })
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return malformed('The body is not UTF-8.')
  }
  return format === 'form' ? parseForm(text) : parseJson(text)
}

/** What lib/http/lane.ts read before there was a Request. A stream made of it would cost more than the rest of a refusal. */
interface ReadBefore {
  runtime?: { node: { req: { rawBody?: Uint8Array } } }
}

async function readAtMost(request: Request & ReadBefore, limit: number): Promise<Uint8Array | null> {
  const rawBody = request.runtime?.node.req.rawBody
  if (rawBody) return rawBody.byteLength > limit ? null : rawBody
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    if (size > limit) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parseForm(text: string): Result<object, BodyFailure> {
  const fields = new URLSearchParams(text)
  const single = [...fields].filter(([name]) => !LIST_FIELDS.includes(name))
  if (new Set(single.map(([name]) => name)).size < single.length) return malformed('A field is given twice.')
  const lists = LIST_FIELDS.filter((name) => fields.has(name)).map((name) => [name, fields.getAll(name)])
  return ok(Object.fromEntries([...single, ...lists]))
}

function parseJson(text: string): Result<object, BodyFailure> {
  if (text === '') return ok({})
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return malformed('The body is not JSON.')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return malformed('The body is not a JSON object.')
  return hasRepeatedKey(text) ? malformed('A key is given twice.') : ok(value)
}

/** JSON.parse keeps the last of two equal keys, others the first: a filter in front could check one and we use the other. */
function hasRepeatedKey(validJson: string): boolean {
  const open: Set<string>[] = []
  let text: string | undefined
  for (const [token] of validJson.matchAll(/"(?:[^"\\]|\\.)*"|[{}:]/gu)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (token !== ':') text = token
    else if (text !== undefined) {
      const key = JSON.parse(text) as string
      if (open.at(-1)?.has(key)) return true
      open.at(-1)?.add(key)
    }
  }
  return false
}
