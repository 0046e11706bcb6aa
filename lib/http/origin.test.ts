import fc from 'fast-check'
import { expect, it } from 'vitest'
import { originOf } from './origin.ts'

it.each([
  ['192.0.2.7', '192.0.2.7', null],
  ['::ffff:192.0.2.7', '192.0.2.7', null],
  ['::ffff:c000:207', '192.0.2.7', null],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:DB8:1:2::1', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['::1', '::/64', '::/48'],
  ['', 'unknown', null],
  ['not an address', 'unknown', null],
])('%s counts as %s, wide %s', (ip, key, wide) => {
  expect(originOf(ip)).toEqual({ key, wide })
})

it('gives every address of a /64 the same key, and no two IPv4 addresses', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0xffff }), (left, right) => {
      expect(originOf(`2001:db8::${left.toString(16)}`)).toEqual(originOf(`2001:db8::${right.toString(16)}`))
      const dotted = (value: number) => `::ffff:192.0.${value >> 8}.${value & 255}`
      if (left !== right) expect(originOf(dotted(left)).key).not.toBe(originOf(dotted(right)).key)
    }),
  )
})
