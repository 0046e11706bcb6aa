import { existsSync, globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { PAGES, ROOT, readPage } from './pages.ts'

const FOLDERS = /^(?:\.ci|\.next|app|bench|components|db|deploy|docs|e2e|lib|scripts|test)\//u
const ROOT_FILE = /^[\w.-]+\.(?:ts|mjs|cjs|json|md)$/u
/** Made by a command, hence in no fresh clone; or a pattern for a name. */
const MADE = /^\.next\/|[<>…]/u

const exists = (path: string) =>
  path.includes('*') ? globSync(path, { cwd: ROOT }).length > 0 : existsSync(join(ROOT, path))

/** Text that is shown as it is cannot hold a link. */
const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```$/gmu, '').replace(/`[^`\n]*`/gu, '')

/** A heading as the part of an address behind `#`, the way code hosts make it. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
const anchorsOf = (page: string) => [...readPage(page).matchAll(/^#+ (.+)$/gmu)].map(([, title = '']) => anchor(title))

test.each(PAGES)('%s: every link within the repository leads somewhere', (page) => {
  const links = withoutCode(readPage(page)).matchAll(/\]\(([^)\s]+)\)|\bsrc="([^"]+)"/gu)
  const targets = [...links].map(([, target, picture]) => target ?? picture ?? '')
  const local = targets.filter((target) => !/^[a-z]+:/u.test(target))
  const broken = local.filter((target) => {
    const [path = '', fragment] = target.split('#')
    const file = path === '' ? page : join(dirname(page), path)
    return !existsSync(join(ROOT, file)) || (fragment !== undefined && !anchorsOf(file).includes(fragment))
  })
  expect(broken).toEqual([])
})

test.each(PAGES)('%s: every file it names is there', (page) => {
  const named = [...readPage(page).matchAll(/`([^`\s]+)`/gu)].map(([, text = '']) => text)
  const paths = named.filter((text) => (FOLDERS.test(text) || ROOT_FILE.test(text)) && !MADE.test(text))
  expect(paths.filter((path) => !exists(path))).toEqual([])
})

test.each(PAGES)('%s: every script it runs is in package.json', (page) => {
  const { scripts } = JSON.parse(readPage('package.json'))
  const run = [...readPage(page).matchAll(/\bnpm run ([\w:-]+)/gu)].map(([, name = '']) => name)
  expect(run.filter((name) => !(name in scripts))).toEqual([])
})

test.each(PAGES)('%s: names no place of one machine', (page) => {
  expect(readPage(page)).not.toMatch(/(?<![\w.])\/(?:home|root|Users|work|tmp|mnt)\/|[A-Z]:\\/u)
})

test('docs/decisions/README.md lists every record by its title', () => {
  const records = PAGES.filter((page) => /^docs\/decisions\/\d{4}-/u.test(page))
  const titles = records.map((page) => readPage(page).split('\n', 1)[0]?.replace(/^# /u, ''))
  const listed = [...readPage('docs/decisions/README.md').matchAll(/^- \[(.+)\]\((\d{4}-.+)\)$/gmu)]
  expect(listed.map(([, , file]) => `docs/decisions/${file}`)).toEqual(records)
  expect(listed.map(([, title]) => title)).toEqual(titles)
})
