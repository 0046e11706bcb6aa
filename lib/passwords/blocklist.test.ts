import { describe, expect, it } from 'vitest'
import { commonPasswords, isCommonPassword } from './blocklist.ts'

describe('the blocklist', () => {
  it('has at least 50,000 entries', () => {
    expect(commonPasswords().size).toBeGreaterThan(50_000)
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
