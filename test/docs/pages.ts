import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// The documents as text, and the tables in them. Paths are relative to the repository.

export const ROOT = join(import.meta.dirname, '..', '..')

export const readPage = (path: string) => readFileSync(join(ROOT, path), 'utf8')

/** Every document of the repository. */
export const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...globSync('docs/**/*.md', { cwd: ROOT }).toSorted(),
] as const

/** A table row by its column titles. */
export type Row = Record<string, string>

const cellsOf = (line: string) =>
  line
    .replace(/^\||\|$/gu, '')
    .split(/(?<!\\)\|/u)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))

/** The rows of every table whose columns begin with these titles. */
export function tableRows(text: string, ...titles: string[]): Row[] {
  return text.split(/\n(?!\|)/u).flatMap((block) => {
    const [head, , ...body] = block.split('\n').filter((line) => line.startsWith('|'))
    const columns = head === undefined ? [] : cellsOf(head)
    if (titles.some((title, index) => columns[index] !== title)) return []
    return body.map((line) => Object.fromEntries(cellsOf(line).map((cell, index) => [columns[index], cell])))
  })
}

/** What stands under each heading of this level, by its title; smaller headings belong to it. */
export function sections(text: string, level: number): Map<string, string> {
  const mark = '#'.repeat(level)
  const parts = text.split(new RegExp(`^(?=#{1,${level}} )`, 'mu'))
  const wanted = parts.filter((part) => part.startsWith(`${mark} `))
  return new Map(wanted.map((part) => [part.slice(level + 1, part.indexOf('\n')).trim(), part]))
}

/** `text` without its backticks: `` `PORT` `` is PORT. */
export const bare = (cell: string | undefined) => (cell ?? '').replace(/^`|`$/gu, '')
