import { describe, expect, it } from 'vitest'
import { checkNewPassword } from './choose-password.ts'
import type { Deps } from './deps.ts'

const deps = {
  settings: { passwordMinLength: 8, siteName: 'Hall of Nine', siteHost: 'id.example.org' },
  passwords: { isCommon: (password: string) => password === 'everybody-has-it' },
} as unknown as Deps
const EMAIL = 'ann.other@example.com'
const checked = (password: string, email: string | null = EMAIL) => {
  const result = checkNewPassword(deps, password, email)
  return result.ok ? 'ok' : result.failure
}
const refused = (reason: string) => ({ code: 'password_refused', reason })

describe('a password that is chosen', () => {
  it('is long enough in letters, however they are written', () => {
    const tooShort = { ...refused('too_short'), minLength: 8 }
    expect(checked('seven77')).toEqual(tooShort)
    expect(checked('eight888')).toBe('ok')
    expect(checked('🗝'.repeat(7))).toEqual(tooShort)
    expect(checked('🗝'.repeat(8))).toBe('ok')
    // Seven letters, one of them as letter and accent.
    expect(checked('cafe\u0301777')).toEqual(tooShort)
  })

  it('is not everybody’s', () => {
    expect(checked('everybody-has-it')).toEqual(refused('too_common'))
  })

  it.each([
    EMAIL,
    'ANN.Other@example.COM',
    'ann.other@example.com1990',
    'ann.other',
    'Ann.Other',
    'ａｎｎ.ｏｔｈｅｒ',
    '4nn0ther-99',
  ])('is not the address or its owner: %s', (password) => {
    expect(checked(password)).toEqual(refused('contains_email'))
    expect(checked(password, null)).toBe('ok')
    expect(checked(password, 'somebody.else@example.com')).toBe('ok')
  })

  it('may hold the address among other things', () => {
    expect(checked('ann.other and her lantern')).toBe('ok')
    expect(checked('@example.com')).toBe('ok')
  })

  it('is read up to the last @ of the address', () => {
    expect(checked('"ann@home"', '"ann@home"@example.com')).toEqual(refused('contains_email'))
  })

  it('may hold the name of the site among other things', () => {
    expect(checked('hall of nine lanterns')).toBe('ok')
    expect(checked('example.net 2024')).toBe('ok')
  })

  it('is not compared with an address that has nothing before its @', () => {
    expect(checked('eight888', '@example.com')).toBe('ok')
  })

  it.each([
    'Hall of Nine',
    'hall OF nine',
    'ｈａｌｌ of nine',
    'Nine2024!',
    'example.org',
    'id.ex4mple.org',
    'ann.other@hall',
  ])('is not the name or host of the site, nor made of them: %s', (password) => {
    expect(checked(password)).toEqual(refused('contains_site_name'))
  })
})
