import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemRandom } from '../random.ts'
import { makeSecrets } from '../secrets.ts'
import { answerOf, makeChallenge } from './challenge.ts'
import { CODE_DIGITS, PURPOSES, type Purpose } from './policy.ts'
import { hashToken, sameHash } from './token.ts'

const secrets = makeSecrets('test-secret-of-at-least-thirty-two-characters')
const MINUTE = 60_000

function stored(purpose: Purpose, emailKey = 'ann@example.com') {
  const made = makeChallenge(systemRandom, secrets, purpose, emailKey)
  const row = {
    id: made.id,
    purpose,
    emailKey,
    userId: 'user',
    codeHash: made.codeHash,
    tokenHash: made.tokenHash,
    deviceHash: hashToken('laptop'),
    attempts: 0,
    remember: 0,
    linkUsedAt: null as number | null,
    consumedAt: null as number | null,
    createdAt: 0,
    expiresAt: 30 * MINUTE,
    browser: 'Firefox',
    system: 'Linux',
  }
  return { made, row }
}

const from = (device: string, token: string) => ({ token, deviceHash: hashToken(device) })

describe.each(PURPOSES)('a challenge to %s', (purpose) => {
  it('is answered by its code and its link, from here or elsewhere', () => {
    const { made, row } = stored(purpose)
    expect(answerOf(row, from('laptop', made.code), 1, secrets)).toEqual({ by: 'code', device: 'this' })
    expect(answerOf(row, from('phone', made.code), 1, secrets)).toEqual({ by: 'code', device: 'other' })
    expect(answerOf(row, from('laptop', made.linkToken), 1, secrets)).toEqual({ by: 'link', device: 'this' })
    expect(answerOf(row, from('phone', made.linkToken), 1, secrets)).toEqual({ by: 'link', device: 'other' })
  })

  it('has digits by its purpose, and 256 bits in its link', () => {
    const { made } = stored(purpose)
    expect(made.code).toMatch(new RegExp(`^\\d{${CODE_DIGITS[purpose]}}$`, 'u'))
    expect(Buffer.from(made.linkToken, 'base64url')).toHaveLength(32)
  })

  it('is not answered by the code of another purpose, id or address, even where rows were swapped', () => {
    const { made, row } = stored(purpose)
    const others = PURPOSES.filter((other) => other !== purpose)
    for (const other of others)
      expect(answerOf({ ...row, purpose: other }, from('laptop', made.code), 1, secrets)).toBeNull()
    expect(answerOf({ ...row, id: 'other' }, from('laptop', made.code), 1, secrets)).toBeNull()
    expect(answerOf({ ...row, emailKey: 'ben@example.com' }, from('laptop', made.code), 1, secrets)).toBeNull()
  })

  it('ends: the code after ten minutes, the link when it expires', () => {
    const { made, row } = stored(purpose)
    expect(answerOf(row, from('laptop', made.code), 10 * MINUTE - 1, secrets)).not.toBeNull()
    expect(answerOf(row, from('laptop', made.code), 10 * MINUTE, secrets)).toBeNull()
    expect(answerOf(row, from('laptop', made.linkToken), 30 * MINUTE - 1, secrets)).not.toBeNull()
    expect(answerOf(row, from('laptop', made.linkToken), 30 * MINUTE, secrets)).toBeNull()
  })

  it('made by a clock that ran ahead is answered five minutes early, no more', () => {
    const { made, row } = stored(purpose)
    for (const token of [made.code, made.linkToken])
      for (const [ahead, good] of [
        [5 * MINUTE, true],
        [5 * MINUTE + 1, false],
      ] as const)
        expect(answerOf({ ...row, createdAt: ahead }, from('laptop', token), 0, secrets) !== null).toBe(good)
  })

  it('loses its link when that was used', () => {
    const { made, row } = stored(purpose)
    expect(answerOf({ ...row, linkUsedAt: 1 }, from('laptop', made.linkToken), 2, secrets)).toBeNull()
    expect(answerOf({ ...row, linkUsedAt: 1 }, from('laptop', made.code), 2, secrets)).not.toBeNull()
  })
})

it('is answered by nothing else', () => {
  const { made, row } = stored('verify')
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d{6}$/u), fc.stringMatching(/^[\w-]{43}$/u)), (token) => {
      fc.pre(token !== made.code && token !== made.linkToken)
      expect(answerOf(row, from('laptop', token), 1, secrets)).toBeNull()
    }),
  )
})

it('codes are uniform, leading zeros kept', () => {
  const first = new Array(10).fill(0)
  for (let time = 0; time < 20_000; time += 1) first[Number(systemRandom.digits(6)[0])] += 1
  // Chi-squared with 9 degrees of freedom: 33.7 is passed once in 10,000 runs of a fair source.
  const chiSquared = first.reduce((sum, seen) => sum + (seen - 2000) ** 2 / 2000, 0)
  expect(chiSquared).toBeLessThan(33.7)
})

it('hashes compare by all their characters', () => {
  const hash = hashToken('x')
  expect(sameHash(hash, hashToken('x'))).toBe(true)
  expect(sameHash(hash, hashToken('y'))).toBe(false)
  expect(sameHash(hash, hash.slice(0, -1))).toBe(false)
  expect(sameHash('', hash)).toBe(false)
})
