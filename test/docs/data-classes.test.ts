import { getTableColumns, getTableName, is, Table } from 'drizzle-orm'
import { expect, test } from 'vitest'
import * as schema from '#db/schema/sqlite'
import { readPage, tableRows } from './pages.ts'

test('docs/security.md puts every column of text into one class of data', () => {
  const tables = Object.values(schema).filter((value) => is(value, Table))
  const columns = tables.flatMap((table) =>
    Object.values(getTableColumns(table))
      .filter(({ dataType }) => !dataType.startsWith('number'))
      .map(({ name }) => `${getTableName(table)}.${name}`),
  )
  const classed = tableRows(readPage('docs/security.md'), 'Class').flatMap(
    ({ Columns = '' }) => Columns.match(/\w+\.\w+/gu) ?? [],
  )
  expect(columns.length).toBeGreaterThan(30)
  expect(classed.toSorted()).toEqual(columns.toSorted())
})
