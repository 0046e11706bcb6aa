import { readFileSync } from 'node:fs'
import { getTableColumns, getTableName, type InferInsertModel, type InferSelectModel, is, Table } from 'drizzle-orm'
import { type PgTable, getTableConfig as postgresConfig } from 'drizzle-orm/pg-core'
import { type SQLiteTable, getTableConfig as sqliteConfig } from 'drizzle-orm/sqlite-core'
import { describe, expect, expectTypeOf, it } from 'vitest'
import * as postgres from './postgres.ts'
import * as sqlite from './sqlite.ts'

type Name = keyof typeof postgres
type Rows<T extends Record<Name, Table>> = { [N in Name]: InferSelectModel<T[N]> }
type NewRows<T extends Record<Name, Table>> = { [N in Name]: InferInsertModel<T[N]> }

const names = Object.keys(postgres).filter((name) => is(postgres[name as Name], Table)) as Name[]

const columnsOf = (table: Table) =>
  Object.entries(getTableColumns(table)).map(([property, column]) => ({
    property,
    name: column.name,
    type: column.dataType,
    notNull: column.notNull,
    primary: column.primary,
    hasDefault: column.hasDefault,
  }))

const indexesOf = (config: ReturnType<typeof postgresConfig> | ReturnType<typeof sqliteConfig>) =>
  config.indexes
    .map(({ config: { name, unique, columns, where } }) => ({
      name,
      unique,
      columns: columns.map((column) => ('name' in column ? column.name : '?')),
      partial: where !== undefined,
    }))
    .sort((a, b) => String(a.name).localeCompare(String(b.name)))

describe('the two schemas', () => {
  it('have the same tables', () => {
    expect(names.length).toBe(8)
    expect(names.toSorted()).toEqual(Object.keys(sqlite).toSorted())
  })

  it('infer the same rows', () => {
    expectTypeOf<Rows<typeof sqlite>>().toEqualTypeOf<Rows<typeof postgres>>()
    expectTypeOf<NewRows<typeof sqlite>>().toEqualTypeOf<NewRows<typeof postgres>>()
  })

  it.each(names)('%s has the same name, columns, indexes and references', (name) => {
    expect(getTableName(sqlite[name])).toBe(getTableName(postgres[name]))
    expect(columnsOf(sqlite[name])).toEqual(columnsOf(postgres[name]))
    const [left, right] = [sqliteConfig(sqlite[name] as SQLiteTable), postgresConfig(postgres[name] as PgTable)]
    expect(indexesOf(left)).toEqual(indexesOf(right))
    expect(left.foreignKeys.map((key) => [key.getName(), key.onDelete])).toEqual(
      right.foreignKeys.map((key) => [key.getName(), key.onDelete]),
    )
  })

  it('have migrations of the same numbers and names', () => {
    const tags = (folder: string) =>
      JSON.parse(readFileSync(`db/migrations/${folder}/meta/_journal.json`, 'utf8')).entries.map(
        (entry: { idx: number; tag: string }) => `${entry.idx} ${entry.tag}`,
      )
    expect(tags('sqlite')).toEqual(tags('postgres'))
    expect(tags('sqlite').length).toBeGreaterThan(0)
  })
})
