import { expect, test } from 'vitest'
import { readPage, tableRows } from './pages.ts'

const SECONDS = /^(\d+) s$/u

test('docs/operations.md gives each timeout its value in the source', () => {
  const rows = tableRows(readPage('docs/operations.md'), 'What', 'Constant')
  expect(rows.length).toBeGreaterThanOrEqual(9)
  for (const { Constant = '', 'At most': atMost = '' } of rows) {
    const [, name, file = ''] = /^`(\w+)` of `([\w./-]+)`$/u.exec(Constant) ?? []
    const milliseconds = Number(SECONDS.exec(atMost)?.[1]) * 1000
    const values = [...readPage(file).matchAll(new RegExp(`\\b${name}(?: =|:) ([\\d_]+)`, 'gu'))]
    expect([Constant, values.map(([, value = '']) => Number(value.replaceAll('_', '')))]).toEqual([
      Constant,
      [milliseconds],
    ])
  }
})
