import { expect, test } from 'vitest'
import { reasonForLog } from './reason.ts'

test.each([
  ['550 5.1.1 <ann.lee+x@mail.example.com>: no such user', '550 5.1.1 <[address]>: no such user'],
  ['554 5.7.1 blocked URL https://id.example.com/magic-link#c=abc&t=def', '554 5.7.1 blocked URL [link]'],
  ['body has 482915 in it', 'body has [digits] in it'],
  ['body has 482 915 or 4829-1537 in it', 'body has [digits] or [digits] in it'],
  ['bad key re_AbCdEfGhIjKlMnOpQrStUv', 'bad key [token]'],
  ['451\r\n 4.3.0 try\0 later', '451 4.3.0 try later'],
  ['x'.repeat(10).concat(' ').repeat(100), 'x'.repeat(10).concat(' ').repeat(100).slice(0, 200)],
])('%j is logged as %j', (said, logged) => {
  expect(reasonForLog(said)).toBe(logged)
})
