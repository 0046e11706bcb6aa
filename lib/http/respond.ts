import { FastResponse } from 'srvx/node'
import type { Failure } from '../auth/result.ts'
import { hstsHeaders } from './hsts.ts'
import { problemOf } from './problems.ts'

/** Names and values in order, which costs a tenth of a Headers object; what reads them makes one. */
export type HeaderList = [name: string, value: string][]

const HEADERS: HeaderList = [
  ['cache-control', 'no-store'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'same-origin'],
  ['x-content-type-options', 'nosniff'],
]

/** Headers every answer of the API carries. */
export const apiHeaders = (requestId: string, cookies: string[] = []): HeaderList => [
  ...HEADERS,
  ...hstsHeaders(),
  ['x-request-id', requestId],
  ...cookies.map((cookie): HeaderList[number] => ['set-cookie', cookie]),
]

const typedResponse = (status: number, type: string, body: object, headers: HeaderList): Response =>
  new FastResponse(JSON.stringify(body), { status, headers: [...headers, ['content-type', type]] })

export const jsonResponse = (status: number, body: object, headers: HeaderList): Response =>
  typedResponse(status, 'application/json', body, headers)

/** On to another page, which is asked for by GET. */
export const seeOther = (location: string, headers: HeaderList): Response =>
  new FastResponse(null, { status: 303, headers: [...headers, ['location', location]] })

/** RFC 9457. */
export function problemResponse(failure: Failure, requestId: string, headers: HeaderList): Response {
  const { status, title, detail, errors, retryAfter } = problemOf(failure)
  const more: HeaderList = [...headers]
  if (retryAfter !== undefined) more.push(['retry-after', String(retryAfter)])
  if (failure.code === 'method_not_allowed') more.push(['allow', failure.allow])
  const challenge = failure.code === 'email_unverified' ? failure.challenge : null
  return typedResponse(
    status,
    'application/problem+json',
    {
      type: `urn:vestibule:problem:${failure.code}`,
      title,
      status,
      code: failure.code,
      detail,
      requestId,
      ...(errors && { errors }),
      ...(retryAfter !== undefined && { retryAfter }),
      ...(challenge && { challengeId: challenge.challengeId }),
    },
    more,
  )
}
