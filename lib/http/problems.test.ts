import { describe, expect, it } from 'vitest'
import type { Failure, FailureCode } from '../auth/result.ts'
import { duration, FAILURE_CODES, problemOf } from './problems.ts'

const besides: Record<string, object> = {
  invalid_input: { errors: [] },
  method_not_allowed: { allow: 'POST' },
  password_refused: { reason: 'too_common' },
  email_unverified: { challenge: null },
}
const sample = (code: FailureCode) => problemOf({ code, retryAfter: 5, ...besides[code] } as Failure)

it.each([
  [1, '1 second'],
  [59, '59 seconds'],
  [0, '0 seconds'],
  [60, '1 minute'],
  [61, '2 minutes'],
  [3540, '59 minutes'],
  [3600, '1 hour'],
  [3601, '2 hours'],
  [86_400, '24 hours'],
])('%i seconds read "%s"', (seconds, words) => {
  expect(duration(seconds)).toBe(words)
})

describe('problems', () => {
  it('say what to do, each in a sentence of its own', () => {
    const details = FAILURE_CODES.map((code) => sample(code).detail)
    expect(new Set(details).size).toBe(FAILURE_CODES.length)
    for (const detail of details) expect(detail).toMatch(/^[A-Z].*\.$/u)
  })

  it('have a title that people who read logs can tell from the others', () => {
    const titles = FAILURE_CODES.map((code) => sample(code).title)
    expect(new Set(titles).size).toBe(FAILURE_CODES.length)
    for (const title of titles) expect(title).toMatch(/^[A-Z][a-z -]+$/u)
  })

  it('have the status that HTTP gives them', () => {
    const statuses = Object.fromEntries(FAILURE_CODES.map((code) => [code, sample(code).status]))
    expect(statuses).toEqual({
      invalid_input: 422,
      cross_origin: 403,
      unsupported_media_type: 415,
      payload_too_large: 413,
      method_not_allowed: 405,
      not_found: 404,
      rate_limited: 429,
      busy: 503,
      password_refused: 422,
      challenge_invalid: 400,
      password_required: 403,
      confirmation_required: 403,
      invalid_credentials: 401,
      email_unverified: 403,
      not_signed_in: 401,
      unavailable: 503,
      internal_error: 500,
    })
  })
})
