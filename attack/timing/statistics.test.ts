import { expect, it } from 'vitest'
import { auc } from './statistics.ts'

it.each([
  [[1, 2], [3, 4], 1],
  [[3, 4], [1, 2], 0],
  [[1, 2], [1, 2], 0.5],
  [[1, 3], [2], 0.5],
])('%o against %o is %d', (left, right, value) => {
  expect(auc(left, right)).toBe(value)
})
