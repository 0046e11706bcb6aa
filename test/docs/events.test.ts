import { expect, test } from 'vitest'
import { bare, readPage, tableRows } from './pages.ts'

test('docs/operations.md lists every event of lib/auth/record.ts once', () => {
  const [, union = ''] =
    /export type EventType =([^\n]*(?:\n {2}\|[^\n]*)*)/u.exec(readPage('lib/auth/record.ts')) ?? []
  const types = [...union.matchAll(/'(\w+)'/gu)].map(([, type]) => type)
  expect(types.length).toBeGreaterThan(5)
  const documented = tableRows(readPage('docs/operations.md'), 'Event').map(({ Event }) => bare(Event))
  expect(documented.toSorted()).toEqual(types.toSorted())
})

test('docs/operations.md lists every table of the database once', () => {
  const tables = [...readPage('db/schema/sqlite.ts').matchAll(/sqliteTable\(\s*'(\w+)'/gu)].map(([, table]) => table)
  const documented = tableRows(readPage('docs/operations.md'), 'Table').map(({ Table }) => bare(Table))
  expect(documented.toSorted()).toEqual(tables.toSorted())
})
