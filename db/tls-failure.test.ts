import { expect, test } from 'vitest'
import { isUnavailable } from './outage.ts'
import { tlsAdvice } from './postgres-tls.ts'

// What ends at TLS is an outage for requests, and at the start a sentence that says what to do.

const failed = (message: string, code?: string) => Object.assign(new Error(message), { code })
const wrapped = (cause: Error) => new Error('Failed query', { cause })

test.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT'],
  ['SELF_SIGNED_CERT_IN_CHAIN'],
  ['CERT_HAS_EXPIRED'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ['UNABLE_TO_GET_CRL'],
  ['ERR_TLS_CERT_ALTNAME_INVALID'],
])('%s, wrapped or not: an outage, and advice about the certificate that names it', (code) => {
  for (const error of [failed('refused', code), wrapped(failed('refused', code))]) {
    expect(isUnavailable(error)).toBe(true)
    expect(tlsAdvice(error)).toContain(`its certificate is not to be trusted, ${code}: `)
  }
})

test('a server without TLS, wrapped or not: an outage, and advice to turn it on', () => {
  const plain = failed('The server does not support SSL connections')
  for (const error of [plain, wrapped(plain)]) {
    expect(isUnavailable(error)).toBe(true)
    expect(tlsAdvice(error)).toContain('it speaks no TLS')
  }
})

test('an outage of another kind gets no advice about TLS, and what is none of both is none of both', () => {
  const refused = wrapped(failed('connect ECONNREFUSED', 'ECONNREFUSED'))
  expect([isUnavailable(refused), tlsAdvice(refused)]).toEqual([true, null])
  for (const other of [failed('syntax error', '42601'), failed('boom'), 'CERT_HAS_EXPIRED', undefined])
    expect([isUnavailable(other), tlsAdvice(other)]).toEqual([false, null])
})
