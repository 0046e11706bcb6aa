import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveKey, keyId, makeSecrets } from './secrets.ts'

const today = 'a'.repeat(43)
const yesterday = 'b'.repeat(43)

describe('codeHash', () => {
  it('matches the same parts only', () => {
    const secrets = makeSecrets(today)
    const hash = secrets.codeHash(['verify', 'id', 'a@b.co', '123456'])
    expect(secrets.codeMatches(['verify', 'id', 'a@b.co', '123456'], hash)).toBe(true)
    expect(secrets.codeMatches(['reset', 'id', 'a@b.co', '123456'], hash)).toBe(false)
    expect(secrets.codeMatches(['verify', 'id', 'a@b.co', '123457'], hash)).toBe(false)
    expect(secrets.codeMatches(['verify', 'id', 'a@b.co', '123456'], '')).toBe(false)
  })

  it('keeps parts apart wherever the border is moved', () => {
    const { codeHash } = makeSecrets(today)
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.array(fc.string(), { minLength: 1 }), (left, right) => {
        fc.pre(JSON.stringify(left) !== JSON.stringify(right))
        expect(codeHash(left)).not.toBe(codeHash(right))
      }),
    )
    expect(codeHash(['ab', 'c'])).not.toBe(codeHash(['a', 'bc']))
  })

  it('is worthless without the key, and survives one change of the secret', () => {
    const hash = makeSecrets(yesterday).codeHash(['x'])
    expect(makeSecrets(today).codeMatches(['x'], hash)).toBe(false)
    expect(makeSecrets(today, yesterday).codeMatches(['x'], hash)).toBe(true)
  })
})

describe('seal', () => {
  it('gives back what was sealed, in its own context only', () => {
    const secrets = makeSecrets(today)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (plain, context, other) => {
        const sealed = secrets.seal(plain, context)
        expect(secrets.unseal(sealed, context)).toBe(plain)
        if (other !== context) expect(secrets.unseal(sealed, other)).toBeNull()
      }),
    )
  })

  it('refuses what was touched, cut or sealed by another', () => {
    const secrets = makeSecrets(today)
    const sealed = secrets.seal('secret', 'row')
    expect(secrets.unseal(`${sealed.slice(0, -2)}AA`, 'row')).toBeNull()
    expect(secrets.unseal(sealed.slice(0, 10), 'row')).toBeNull()
    expect(secrets.unseal('', 'row')).toBeNull()
    expect(makeSecrets(yesterday).unseal(sealed, 'row')).toBeNull()
    expect(makeSecrets(yesterday, today).unseal(sealed, 'row')).toBe('secret')
  })
})

it('derives another key for every use and names it without showing it', () => {
  const [one, two] = [deriveKey(today, 'one'), deriveKey(today, 'two')]
  expect(one.equals(two)).toBe(false)
  expect(keyId(one)).toMatch(/^[0-9a-f]{8}$/u)
  expect(keyId(one)).not.toBe(keyId(two))
})
