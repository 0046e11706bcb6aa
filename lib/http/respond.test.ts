import { describe, expect, it } from 'vitest'
import type { Failure } from '../auth/result.ts'
import { apiHeaders, duration, FAILURE_CODES, problemOf, problemResponse } from './respond.ts'

it.each([
  [1, '1 second'],
  [59, '59 seconds'],
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
  it('are RFC 9457 documents', async () => {
    const response = problemResponse({ code: 'rate_limited', retryAfter: 30 }, 'the-request', apiHeaders('the-request'))
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('retry-after')).toBe('30')
    expect(await response.json()).toEqual({
      type: 'urn:vestibule:problem:rate_limited',
      title: 'Too many requests',
      status: 429,
      code: 'rate_limited',
      detail: 'That was too often. Try again in 30 seconds.',
      requestId: 'the-request',
      retryAfter: 30,
    })
  })

  it('say what to do, each in a sentence of its own', () => {
    const samples: Record<string, object> = {
      invalid_input: { errors: [] },
      method_not_allowed: { allow: 'POST' },
      password_refused: { reason: 'too_common' },
      email_unverified: { challenge: null },
    }
    const details = FAILURE_CODES.map((code) => problemOf({ code, retryAfter: 5, ...samples[code] } as Failure).detail)
    expect(new Set(details).size).toBe(FAILURE_CODES.length)
    for (const detail of details) expect(detail).toMatch(/^[A-Z].*\.$/u)
  })
})
