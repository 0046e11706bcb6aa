import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareOf } from './fleet.ts'

test.each([
  { total: 2, places: 2, shares: [1, 1] },
  { total: 8, places: 3, shares: [2, 3, 3] },
  { total: 1, places: 1, shares: [1] },
  { total: 2, places: 4, shares: [1, 1, 1, 1] },
])('$total threads in $places processes: $shares', ({ total, places, shares }) => {
  expect(Array.from({ length: places }, (_, place) => shareOf(total, place, places))).toEqual(shares)
})

test('the shares are the whole, and differ by one at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 0, max: 512 }), (places, more) => {
      const total = places + more
      const shares = Array.from({ length: places }, (_, place) => shareOf(total, place, places))
      expect(shares.reduce((sum, share) => sum + share)).toBe(total)
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
    }),
  )
})
