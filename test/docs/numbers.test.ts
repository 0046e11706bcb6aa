import { expect, test } from 'vitest'
import * as policy from '#lib/auth/policy'
import { bare, readPage, tableRows } from './pages.ts'

// docs/security.md writes a duration as `10 min`, a budget as `20 in 24 h`, several as `30 s, 1 min`, one of each purpose
// as `verify: 6, reset: 8`. Read back, each must be the constant itself.

const UNITS: Record<string, number> = {
  '': 1,
  bytes: 1,
  KiB: 1024,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

function readOne(text: string): unknown {
  const [, max, window] = /^(\d+) in (.+)$/u.exec(text) ?? []
  if (max && window) return { max: Number(max), window: readOne(window) }
  const [, amount, unit = ''] = /^([\d,]+)(?: (\w+))?$/u.exec(text) ?? []
  const factor = UNITS[unit]
  if (amount === undefined) return text
  if (factor === undefined) throw new Error(`"${text}" has a unit that this table does not know.`)
  return Number(amount) * factor
}

function readValue(text: string, name: string): unknown {
  const parts = text.split(', ')
  const pairs = parts.map((part) => part.split(': '))
  if (pairs.every((pair) => pair.length === 2))
    return Object.fromEntries(pairs.map(([key = '', value = '']) => [key, readOne(value)]))
  if (parts.length > 1) return parts.map(readOne)
  const value = readOne(text)
  return name.endsWith('_SECONDS') && typeof value === 'number' ? value / 1000 : value
}

const rows = tableRows(readPage('docs/security.md'), 'What', 'Constant', 'Value')
const documented = Object.fromEntries(
  rows.map(({ Constant, Value = '' }) => [bare(Constant), readValue(Value, bare(Constant))]),
)

test('docs/security.md has a row for every constant of lib/auth/policy.ts, one each', () => {
  expect(rows.map(({ Constant }) => bare(Constant)).toSorted()).toEqual(Object.keys(policy).toSorted())
})

test.each(Object.entries(policy))('docs/security.md gives %s its value', (name, value) => {
  expect(documented[name]).toEqual(value)
})

test('a changed number would be seen', () => {
  expect(readValue('10 min', 'A')).toBe(600_000)
  expect(readValue('5 s', 'A_SECONDS')).toBe(5)
  expect(readValue('16 KiB', 'A')).toBe(16_384)
  expect(readValue('20 in 24 h', 'A')).toEqual({ max: 20, window: 86_400_000 })
  expect(readValue('5 s, 1 h', 'A')).toEqual([5000, 3_600_000])
  expect(readValue('verify: 24 h, reset: 30 min', 'A')).toEqual({ verify: 86_400_000, reset: 1_800_000 })
})
