import { afterEach, expect, it, vi } from 'vitest'
import { DatabaseUnavailable } from '#db/outage'
import { log } from '#lib/log'
import { brokenMachinery } from './broken-machinery.ts'

afterEach(() => vi.restoreAllMocks())

const unavailable = { code: 'unavailable', retryAfter: 5 }
const internal = { code: 'internal_error' }

it.each([
  ['an outage', new DatabaseUnavailable('canary'), unavailable],
  [
    'an outage that another bundle saw',
    Object.assign(new Error('canary'), { name: 'DatabaseUnavailable' }),
    unavailable,
  ],
  ['a bug', new Error('canary'), internal],
  ['a bug that mentions one', new Error('DatabaseUnavailable'), internal],
  ['anything else that was thrown', { name: 'DatabaseUnavailable' }, internal],
])('%s is written down under the id of the request, and only whether to try again is said', (_, error, failure) => {
  const written = vi.spyOn(log, 'error')
  expect(brokenMachinery(error, 'r1')).toEqual(failure)
  expect(written.mock.calls).toEqual([[{ err: error, requestId: 'r1' }, 'request failed']])
})
