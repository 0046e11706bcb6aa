import fc from 'fast-check'
import { expect, it } from 'vitest'
import { safeNext } from './next-path.ts'

it.each([
  '/',
  '/account',
  '/account?tab=1',
  '/a/b#c',
  '/account?u=https://example.com',
  '/%E4%BD%A0',
  '/a:b@c',
  `/${'a'.repeat(511)}`,
])('goes to %s', (next) => {
  expect(safeNext(next)).toBe(next)
})

it.each([
  null,
  undefined,
  '',
  'account',
  'https://evil.example',
  'http:evil.example',
  'HTTPS://evil.example',
  '//evil.example',
  '///evil.example',
  '////evil.example',
  '/\\evil.example',
  '\\evil.example',
  '\\\\evil.example',
  '/\\/evil.example',
  '/a\\b',
  '/\t/evil.example',
  '\t//evil.example',
  '/\n/evil.example',
  '/\r/evil.example',
  ' //evil.example',
  '/ /evil.example',
  '\u0000/account',
  '/\u0000/evil.example',
  '/\u007f',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:x',
  'mailto:a@b.c',
  '@evil.example',
  '.evil.example',
  '?next=x',
  '#x',
  '/..//evil.example',
  '/.//evil.example',
  '/%2e//evil.example',
  '/a/..//evil.example',
  '/a/../account',
  '/./account',
  `/${'a'.repeat(512)}`,
])('goes nowhere for %j', (next) => {
  expect(safeNext(next)).toBeNull()
})

it('never leaves the site, whatever is typed', () => {
  const nasty = fc.stringMatching(/^[/\\.a-z:@?#%\t\n2e5cf]{0,20}$/u)
  fc.assert(
    fc.property(nasty, (next) => {
      const safe = safeNext(next)
      if (safe !== null) expect(new URL(safe, 'https://vestibule.example').origin).toBe('https://vestibule.example')
    }),
    { numRuns: 5000 },
  )
})
