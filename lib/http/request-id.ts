import { requestId } from '../random.ts'

const DRAWN = /^[\w-]{22}$/u

/** The id that server.ts drew for this request (overwrite-headers.ts); a new one where a route runs without it. */
export function requestIdOf({ headers }: Request): string {
  const drawn = headers.get('x-request-id') ?? ''
  return DRAWN.test(drawn) ? drawn : requestId()
}
