import { log } from '#lib/log'
import type { FailureOf } from '../auth/result.ts'

export const RETRY_AFTER_SECONDS = 5

/** By name: Next's bundles each have a copy of the class. */
export const isOutOfReach = (error: unknown) => error instanceof Error && error.name === 'DatabaseUnavailable'

/** Writes down what broke and says no more of it than whether to try again. */
export function brokenMachinery(error: unknown, requestId: string): FailureOf<'unavailable' | 'internal_error'> {
  log.error({ err: error, requestId }, 'request failed')
  return isOutOfReach(error) ? { code: 'unavailable', retryAfter: RETRY_AFTER_SECONDS } : { code: 'internal_error' }
}
