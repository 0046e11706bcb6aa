import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { bare, ROOT, readPage, tableRows } from './pages.ts'

test('docs/security.md lists every key that is derived from AUTH_SECRET, once', () => {
  const sources = globSync('lib/**/*.ts', { cwd: ROOT }).filter((path) => !path.endsWith('.test.ts'))
  const labels = sources.flatMap((path) => [...readPage(path).matchAll(/deriveKey\(\w+, '([^']+)'\)/gu)])
  const calls = sources.flatMap((path) => readPage(path).match(/(?<!function )deriveKey\(/gu) ?? [])
  const listed = tableRows(readPage('docs/security.md'), 'Label').map(({ Label }) => bare(Label))
  // A label that is not written out would be in no list.
  expect(labels.length).toBe(calls.length)
  expect(listed.toSorted()).toEqual(labels.map(([, label]) => label).toSorted())
})
