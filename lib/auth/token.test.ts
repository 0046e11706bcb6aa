import { expect, it } from 'vitest'
import { emailKey } from './email.ts'
import { hashToken, sameHash } from './token.ts'

it('a token is stored as its SHA-256 in base64url', () => {
  // The test vector of FIPS 180-4 for "abc".
  const vector = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
  expect(hashToken('abc')).toBe(Buffer.from(vector, 'hex').toString('base64url'))
})

it.each([
  ['abc', 'abc', true],
  ['', '', true],
  ['abc', 'abd', false],
  ['abc', 'ab', false],
  ['ab', 'abc', false],
  ['', 'a', false],
])('hashes %j and %j are the same: %s', (left, right, same) => {
  expect(sameHash(left, right)).toBe(same)
})

it('an account is its address in lower case, tag and all', () => {
  expect(emailKey('Ann+News@Example.com')).toBe('ann+news@example.com')
})
