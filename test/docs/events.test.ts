import { expect, test } from 'vitest'
import { signinBudgets, triesOfAddress } from '#lib/auth/budgets'
import { PURPOSES } from '#lib/auth/policy'
import { browser } from '../deps.ts'
import { bare, readPage, tableRows } from './pages.ts'

const quoted = (text: string) => [...text.matchAll(/['`]([\w:-]+)['`]/gu)].map(([, name = '']) => name)

/** Each type of event with its outcomes, as the types of lib/auth/record.ts have them. A budget's name is any text there. */
function writtenEvents(): Record<string, string[]> {
  const [, body = ''] = /^export interface Outcomes \{\n(.*?)^\}/msu.exec(readPage('lib/auth/record.ts')) ?? []
  const members = [...body.matchAll(/^ {2}(\w+): (.+)$/gmu)]
  return Object.fromEntries(
    members.map(([, type, outcomes = '']) => [
      type,
      [...(/\bPurpose\b/u.test(outcomes) ? PURPOSES : []), ...quoted(outcomes)].toSorted(),
    ]),
  )
}

const documented = tableRows(readPage('docs/operations.md'), 'Event').map(({ Event, Outcomes = '' }) => ({
  type: bare(Event),
  outcomes: Outcomes,
}))

test('docs/operations.md lists every event of lib/auth/record.ts once', () => {
  const types = Object.keys(writtenEvents())
  expect(types.length).toBeGreaterThan(5)
  expect(documented.map(({ type }) => type).toSorted()).toEqual(types.toSorted())
})

test.each(documented.filter(({ type }) => type !== 'rate_limited'))(
  'docs/operations.md gives $type the outcomes that its type in lib/auth/record.ts has',
  ({ type, outcomes }) => {
    expect(quoted(outcomes).toSorted()).toEqual(writtenEvents()[type])
  },
)

test('docs/operations.md names budgets that are there as outcomes of rate_limited', () => {
  const rules = [
    ...signinBudgets('ann@example.com', browser('laptop'), false),
    ...triesOfAddress('verify', 'ann@example.com'),
  ]
  const named = quoted(documented.find(({ type }) => type === 'rate_limited')?.outcomes ?? '')
  expect(named.length).toBeGreaterThan(1)
  for (const name of named)
    expect(rules.map(({ key }) => key).filter((key) => key.startsWith(`${name}:`))).toHaveLength(1)
})

test('docs/operations.md lists every table of the database once', () => {
  const tables = [...readPage('db/schema/sqlite.ts').matchAll(/sqliteTable\(\s*'(\w+)'/gu)].map(([, table]) => table)
  const listed = tableRows(readPage('docs/operations.md'), 'Table').map(({ Table }) => bare(Table))
  expect(listed.toSorted()).toEqual(tables.toSorted())
})
