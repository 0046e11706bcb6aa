import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

let clone: string
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'vestibule-clone-'))
  mkdirSync(join(clone, 'scripts'))
  copyFileSync(join(import.meta.dirname, 'setup.mjs'), join(clone, 'scripts', 'setup.mjs'))
  writeFileSync(join(clone, 'package-lock.json'), '{}')
  // Stands in for npm: says what it was asked for, and fails, which ends the set-up there.
  writeFileSync(join(clone, 'npm-cli.js'), 'console.error("asked:", process.argv.slice(2).join(" ")); process.exit(1)')
})
afterEach(() => rmSync(clone, { recursive: true }))

function setUp(NODE_ENV: 'production' | 'development' = 'development') {
  const env = { ...process.env, NODE_ENV, npm_execpath: join(clone, 'npm-cli.js') }
  return execFileSync(process.execPath, [join(clone, 'scripts', 'setup.mjs')], { env, stdio: 'pipe' }).toString()
}

it.each(['production', 'development'] as const)(
  'asks for the packages that build and test too, with NODE_ENV=%s',
  (NODE_ENV) => {
    expect(() => setUp(NODE_ENV)).toThrow(/asked: ci --include=dev --ignore-scripts .*\n.*npm ci failed/u)
  },
)

/** What is there when npm has installed and the install steps have run. */
function installed() {
  const bin = process.platform === 'win32' ? 'node.exe' : 'node'
  mkdirSync(join(clone, 'node_modules', 'node', 'bin'), { recursive: true })
  writeFileSync(join(clone, 'node_modules', 'node', 'bin', bin), '')
  writeFileSync(join(clone, 'node_modules', '.package-lock.json'), '{}')
}

it('lets npm put Node on the PATH of its scripts, which it could not before the install step made it', () => {
  installed()
  expect(setUp).toThrow(/asked: rebuild node --ignore-scripts .*\n.*npm rebuild node/u)
})

it('asks npm for nothing when all is there', () => {
  installed()
  mkdirSync(join(clone, 'node_modules', '.bin'))
  for (const name of ['node', 'node.cmd']) writeFileSync(join(clone, 'node_modules', '.bin', name), '')
  expect(setUp()).toBe('')
})

const scripts: Record<string, string> = manifest.scripts

it.each(Object.keys(scripts).filter((name) => /^(?:attack|bench):/u.test(name)))('a fresh clone can run %s', (name) => {
  expect(scripts[`pre${name}`]).toMatch(/^node scripts\/setup\.mjs/u)
  // Its own packages write the tables and plots; one asks no more than the app.
  if (name.startsWith('bench:') && name !== 'bench:signin') expect(scripts[`pre${name}`]).toContain('bench/install.mjs')
})
