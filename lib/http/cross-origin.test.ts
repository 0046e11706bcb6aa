import { expect, it } from 'vitest'
import { isCrossOrigin } from './cross-origin.ts'

const OURS = 'https://id.example.com'

it.each<[string | null, string | null, boolean]>([
  ['same-origin', null, false],
  ['none', null, false],
  ['same-site', null, true],
  ['cross-site', null, true],
  ['', null, true],
  ['cross-site', OURS, true],
  ['same-origin', 'https://evil.example', false],
  [null, OURS, false],
  [null, 'https://evil.example', true],
  [null, 'https://example.com', true],
  [null, 'http://id.example.com', true],
  [null, 'null', true],
  [null, null, false],
])('Sec-Fetch-Site %s with Origin %s: %s', (site, origin, expected) => {
  const headers = new Headers({ ...(site !== null && { 'sec-fetch-site': site }), ...(origin !== null && { origin }) })
  expect(isCrossOrigin(headers, OURS)).toBe(expected)
})
