import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SHARED_ADDRESSES } from '../../attack/abuse/shared-cache.ts'
import { ROOT, type Row, readPage, tableRows } from './pages.ts'
import { titlesIn } from './titles.ts'

// docs/asvs.md and docs/threats.md claim what tests and documents show. Here their claims are held to what is there.

const STATUSES = ['met', 'not yet', "operator's", 'not applicable']
const EVIDENCE = 'Shown by, or what is missing'
const LEVELS = ['Level 1', 'Level 2', 'Level 3']

/** `file` "title", "another" and "a third", where a row names tests; no title where a row only points at a file. */
const testsIn = (text: string) =>
  [...text.matchAll(/`([\w./-]+\.(?:test|spec)\.ts)`((?:[,;]?(?: and)? "[^"]+")*)/gu)].map(
    ([, file = '', titles = '']) => ({
      file,
      titles: [...titles.matchAll(/"([^"]+)"/gu)].map(([, title = '']) => title),
    }),
  )
const documentsIn = (text: string) => text.match(/\]\([\w./-]+\.md(?:#[\w-]+)?\)|`npm run [\w:-]+`/gu) ?? []

const read = new Map<string, Set<string>>()
function titlesOf(file: string): Set<string> {
  const titles = read.get(file) ?? titlesIn(readPage(file))
  read.set(file, titles)
  return titles
}

function faultsOfTests(file: string, titles: string[], met: boolean): string[] {
  if (!existsSync(join(ROOT, file))) return [`there is no ${file}`]
  if (titles.length === 0) return met ? [`no title of ${file} is named`] : []
  return titles.filter((title) => !titlesOf(file).has(title)).map((title) => `${file} has no "${title}"`)
}

function faultsOfRow(row: Row, name: string): string[] {
  const { Status = '', [EVIDENCE]: shown = '' } = row
  const met = Status === 'met'
  const faults = testsIn(shown).flatMap(({ file, titles }) => faultsOfTests(file, titles, met))
  if (!STATUSES.includes(Status)) faults.push(`"${Status}" is no status`)
  if (met && testsIn(shown).length + documentsIn(shown).length === 0) faults.push('met, and nothing shows it')
  if (Status === 'not yet' && shown === '') faults.push('not yet, and nothing is said to be missing')
  return faults.map((fault) => `${name}: ${fault}`)
}

function faultsOfSum(sum: Row, rows: Row[]): string[] {
  const having = (level?: string) =>
    rows.filter(({ Status, L }) => Status === sum.Status && (level === undefined || level === `Level ${L}`)).length
  const stated = [...LEVELS.filter((level) => level in sum), undefined]
  return stated
    .filter((level) => Number(sum[level ?? 'Rows']) !== having(level))
    .map((level) => `${sum.Status}: ${having(level)} rows of ${level ?? 'all'}, and ${sum[level ?? 'Rows']} are stated`)
}

/** Everything that is wrong with a map. `id` is the title of its first column. */
function faultsIn(text: string, id: string): string[] {
  const rows = tableRows(text, id)
  const names = rows.map((row) => row[id] ?? '')
  const sums = tableRows(text, 'Status')
  const unsummed = rows.filter(({ Status }) => !sums.some((sum) => sum.Status === Status))
  return [
    ...rows.flatMap((row, index) => faultsOfRow(row, names[index] ?? '')),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name}: there twice`),
    ...sums.flatMap((sum) => faultsOfSum(sum, rows)),
    ...unsummed.map((row) => `${row[id]}: in no sum`),
  ]
}

test('docs/asvs.md claims what is there', () => {
  const page = readPage('docs/asvs.md')
  expect(tableRows(page, 'Row').length).toBeGreaterThan(200)
  expect(faultsIn(page, 'Row')).toEqual([])
})

test('docs/threats.md claims what is there, of each threat from 1 to 54', () => {
  const page = readPage('docs/threats.md')
  expect(tableRows(page, '#').map((row) => row['#'])).toEqual(Array.from({ length: 54 }, (_, index) => `${index + 1}`))
  expect(faultsIn(page, '#')).toEqual([])
})

test.each(['docs/threats.md', 'docs/security.md'])('%s says how many addresses the cache is asked for', (page) => {
  expect(/two people[^|;]*?, (\d+) addresses/iu.exec(readPage(page))?.[1]).toBe(String(SHARED_ADDRESSES))
})

describe('a fault would be seen', () => {
  const map = (row: string, sum = '| met | 1 |') =>
    `| Status | Rows |\n|---|---|\n${sum}\n\n| # | Attack | Status | ${EVIDENCE} |\n|---|---|---|---|\n${row}\n`
  const SHOWN = '`test/docs/maps.test.ts` "a fault would be seen"'

  test.each([
    ['no status', '| 1 | a | | |', '| met | 0 |', '1: "" is no status'],
    ['no such file', '| 1 | a | met | `test/none.test.ts` "x" |', undefined, '1: there is no test/none.test.ts'],
    [
      'no such title',
      `| 1 | a | met | ${SHOWN.replace('maps', 'links')} |`,
      undefined,
      '1: test/docs/links.test.ts has no "a fault would be seen"',
    ],
    [
      'no such second title',
      `| 1 | a | met | ${SHOWN}, "and no more" |`,
      undefined,
      '1: test/docs/maps.test.ts has no "and no more"',
    ],
    [
      'a text that is no title',
      '| 1 | a | met | `test/docs/maps.test.ts` "Level 1" |',
      undefined,
      '1: test/docs/maps.test.ts has no "Level 1"',
    ],
    [
      'no title',
      '| 1 | a | met | `test/docs/maps.test.ts` |',
      undefined,
      '1: no title of test/docs/maps.test.ts is named',
    ],
    ['nothing named', '| 1 | a | met | surely |', undefined, '1: met, and nothing shows it'],
    ['nothing missing', '| 1 | a | not yet | |', '| not yet | 1 |', '1: not yet, and nothing is said to be missing'],
    ['a row twice', `| 1 | a | met | ${SHOWN} |\n| 1 | b | met | ${SHOWN} |`, '| met | 2 |', '1: there twice'],
    ['a wrong sum', `| 1 | a | met | ${SHOWN} |`, '| met | 2 |', 'met: 1 rows of all, and 2 are stated'],
    ['a sum left out', `| 1 | a | met | ${SHOWN} |`, '| not yet | 0 |', '1: in no sum'],
  ])('%s', (_name, row, sum, fault) => {
    expect(faultsIn(map(row, sum), '#')).toContain(fault)
  })

  test('and none where there is none', () => {
    expect(faultsIn(map(`| 1 | a | met | ${SHOWN} |`), '#')).toEqual([])
  })
})
