import { hashSync } from 'bcryptjs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makePasswordScheme } from './scheme.ts'

const today = 'a'.repeat(43)
const yesterday = 'b'.repeat(43)
const bcryptOf = (prepared: string) => hashSync(prepared, 4)

describe('prepare', () => {
  const { prepare } = makePasswordScheme(today)

  it('fits into the 72 bytes that bcrypt reads, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (password) => {
        expect(prepare(password)).toMatch(/^[A-Za-z0-9+/]{64}$/u)
      }),
    )
  })

  it('makes of a password what it made of it before: else nobody would be known again', () => {
    expect(prepare('lantern')).toBe('lwoSAkw7LQMcbVSLKx8dAFcOVjGpS7tLCpnkH4xbSlNfJdW9NFqAkuv7bXsTtkHR')
  })

  it.each([
    ['byte 73', `${'a'.repeat(72)}1`, `${'a'.repeat(72)}2`],
    ['what follows a NUL', 'a\0b', 'a\0c'],
    ['case', 'Lantern', 'lantern'],
    ['space at the end', 'lantern', 'lantern '],
    ['64 emoji and one more', '🗝'.repeat(64), '🗝'.repeat(65)],
  ])('tells %s apart', (_, left, right) => {
    expect(prepare(left)).not.toBe(prepare(right))
  })

  it('takes the two spellings of one letter for the same', () => {
    expect(prepare('caf\u00e9')).toBe(prepare('cafe\u0301'))
  })
})

describe('stored forms', () => {
  const scheme = makePasswordScheme(today)
  const stored = scheme.tag(bcryptOf(scheme.prepare('lantern')))

  it('carry the scheme, the key id and the bcrypt hash', () => {
    expect(stored).toMatch(/^v1\$78286ca6\$\$2b\$04\$[./A-Za-z0-9]{53}$/u)
  })

  it.each([
    '',
    'v1',
    stored.slice(3),
    stored.slice(0, -1),
    `v2${stored.slice(2)}`,
    `x${stored}`,
    `${stored}x`,
    'v1$00000000$',
  ])('that are not ours compare with nothing: %s', (foreign) => {
    expect(scheme.comparison('lantern', foreign)).toBeNull()
    expect(scheme.needsRehash(foreign, 4)).toBe(true)
  })

  it('compare with what was prepared and the hash as bcrypt made it', () => {
    const bcryptHash = stored.slice('v1$78286ca6$'.length)
    expect(scheme.comparison('lantern', stored)).toEqual({ prepared: scheme.prepare('lantern'), bcryptHash })
  })

  it('of the previous secret still compare, and are re-hashed', () => {
    const old = makePasswordScheme(yesterday)
    const oldStored = old.tag(bcryptOf(old.prepare('lantern')))
    const rotated = makePasswordScheme(today, yesterday)
    expect(rotated.comparison('lantern', oldStored)?.prepared).toBe(old.prepare('lantern'))
    expect(rotated.needsRehash(oldStored, 4)).toBe(true)
    expect(scheme.comparison('lantern', oldStored)).toBeNull()
  })

  it('are re-hashed when the cost has changed, and only then', () => {
    expect(scheme.needsRehash(stored, 4)).toBe(false)
    expect(scheme.needsRehash(stored, 5)).toBe(true)
  })
})
