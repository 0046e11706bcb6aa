import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = dirname(import.meta.dirname)

const REFUSED: [name: string, path: string, code: string, words: string][] = [
  ['Math.random', 'lib/auth/token.ts', 'export const id = Math.random()', 'Math.random can be predicted'],
  [
    'Math.random in a test',
    'lib/auth/token.test.ts',
    'export const id = Math.random()',
    'Math.random can be predicted',
  ],
  ['Math["random"]', 'lib/quoted.ts', 'export const id = Math["random"]()', 'Math.random can be predicted'],
  ['sql.raw', 'db/queries/users.ts', "export const q = sql.raw('1')", 'sql.raw puts text'],
  ['the clock in a verb', 'lib/auth/signup.ts', 'export const now = Date.now()', 'The time is passed in'],
  ['the clock in a query', 'db/queries/sessions.ts', 'export const now = new Date()', 'The time is passed in'],
  [
    'raw HTML',
    'components/raw.tsx',
    'export const A = () => <p dangerouslySetInnerHTML={a} />',
    'dangerouslySetInnerHTML',
  ],
  ['console', 'lib/mail/smtp.ts', "console.log('x')", 'noConsole'],
  ['process.env', 'lib/mail/resend.ts', 'export const home = process.env.HOME', 'noProcessEnv'],
  ['any', 'lib/any.ts', 'export const a = (b: any) => b', 'noExplicitAny'],
  ['a barrel', 'lib/barrel.ts', "export * from './any.ts'", 'noBarrelFile'],
  ['a type imported as a value', 'lib/types.ts', "import { A } from 'a'\nexport const c: A = 1", 'useImportType'],
  [
    'a forgotten promise',
    'lib/floating.ts',
    'async function f() {}\nexport const g = () => { f() }',
    'noFloatingPromises',
  ],
  [
    'a promise as a condition',
    'lib/misused.ts',
    'async function f() { return true }\nexport const g = () => { if (f()) return 1 }',
    'noMisusedPromises',
  ],
]
const ALLOWED: [name: string, path: string, code: string][] = [
  ['console in the entry', 'server.ts', "console.error('x')"],
  ['process.env where settings are read', 'lib/env.ts', 'export const home = process.env.HOME'],
  ['the clock where Deps are put together', 'lib/deps.ts', 'export const now = () => Date.now()'],
]

let folder: string
let report: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vestibule-lint-'))
  for (const copied of ['biome.json', 'scripts/lint'])
    cpSync(join(ROOT, copied), join(folder, copied), { recursive: true })
  for (const [, path, code] of [...REFUSED, ...ALLOWED]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${code}\n`)
  }
  const args = ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--colors=off']
  const biome = join(ROOT, 'node_modules/.bin/biome')
  const { stdout, stderr } = spawnSync(process.execPath, [biome, ...args], { cwd: folder, encoding: 'utf8' })
  report = stdout + stderr
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What was said about one file: each finding opens with `path:line:column` on a line of its own. */
const saidAbout = (path: string) =>
  report.split(/^(?=\S+:\d+:\d+ )/mu).filter((finding) => finding.startsWith(`${path}:`))

test.each(REFUSED)('refuses %s', (_name, path, _code, words) => {
  expect(saidAbout(path).join('')).toContain(words)
})

test.each(ALLOWED)('allows %s', (_name, path) => {
  expect(saidAbout(path)).toEqual([])
})
