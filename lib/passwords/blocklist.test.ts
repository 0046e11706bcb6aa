import { describe, expect, it } from 'vitest'
import { commonPasswords, isCommonPassword } from './blocklist.ts'

describe('the blocklist', () => {
  it('has at least 50,000 entries', () => {
    expect(commonPasswords().size).toBeGreaterThan(50_000)
  })

  it('is made once', () => {
    expect(commonPasswords()).toBe(commonPasswords())
  })

  // The last two are in one of its lists alone: the words for dice, the words of English.
  it.each(['password', 'PassWord', '12345678', 'qwertyuiop', 'ｐａｓｓｗｏｒｄ', 'sunshine', 'acclimate', 'supposed'])(
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
