import { log } from '#lib/log'
import type { FailureOf } from '../auth/result.ts'

const RETRY_AFTER_SECONDS = 5

/** Writes down what broke and says no more of it than whether to try again. */
export function brokenMachinery(error: unknown, requestId: string): FailureOf<'unavailable' | 'internal_error'> {
  log.error({ err: error, requestId }, 'request failed')
  // By name: Next's bundles each have a copy of the class.
  const unavailable = error instanceof Error && error.name === 'DatabaseUnavailable'
  return unavailable ? { code: 'unavailable', retryAfter: RETRY_AFTER_SECONDS } : { code: 'internal_error' }
}
