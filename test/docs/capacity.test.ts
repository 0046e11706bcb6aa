import { expect, test } from 'vitest'
import { planFor, planTable } from '../../bench/machines/capacity-plan.ts'
import { readPage } from './pages.ts'

test('docs/operations.md has the capacity plan as its assumptions make it', () => {
  expect(readPage('docs/operations.md')).toContain(planTable().join('\n'))
})

test('the plan is what its formulas say, by hand for a million accounts', () => {
  const { hashesASecond, cores, checksASecond, rows } = planFor(1e6)
  // 2 + 0.02 + 0.05 a month and account, four times the mean.
  expect(hashesASecond).toBeCloseTo((1e6 * 2.07 * 4) / 2_592_000, 6)
  expect(cores).toBe(2)
  expect(checksASecond).toBeCloseTo((1e6 * 10 * 4) / 86_400, 6)
  // An account, two browsers, one and a half sessions, and a year of events.
  expect(rows).toBeCloseTo(1e6 * (1 + 2 + 1.5 + 12 * 2.14), 0)
})
