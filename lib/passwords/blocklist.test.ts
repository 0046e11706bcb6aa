import { describe, expect, it } from 'vitest'
import { commonPasswords, isCommonPassword } from './blocklist.ts'

describe('the blocklist', () => {
  // The list is made once, so the test that makes it is the one that looks at what it is made of.
  it('is made of leaked passwords, words for dice and words of English: over 50,000, in lower case', () => {
    const entries = commonPasswords()
    expect(entries.size).toBeGreaterThan(50_000)
    for (const entry of ['qwertyuiop', 'acclimate', 'supposed']) expect(entries.has(entry)).toBe(true)
  })

  it('is made once', () => {
    expect(commonPasswords()).toBe(commonPasswords())
  })

  it.each(['password', 'PassWord', '12345678', 'qwertyuiop', 'ｐａｓｓｗｏｒｄ', 'sunshine'])(
    'refuses %s',
    (password) => {
      expect(isCommonPassword(password)).toBe(true)
    },
  )

  it.each(['correct horse battery staple', 'password but longer', 'vestibule-9-lantern', ''])(
    'takes "%s"',
    (password) => {
      expect(isCommonPassword(password)).toBe(false)
    },
  )
})
