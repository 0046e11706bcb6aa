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

it.each(['production', 'development'] as const)(
  'asks for the packages that build and test too, with NODE_ENV=%s',
  (NODE_ENV) => {
    const env = { ...process.env, NODE_ENV, npm_execpath: join(clone, 'npm-cli.js') }
    const setup = () => execFileSync(process.execPath, [join(clone, 'scripts', 'setup.mjs')], { env, stdio: 'pipe' })
    expect(setup).toThrow(/asked: ci --include=dev --ignore-scripts .*\n.*npm ci failed/u)
  },
)

const scripts: Record<string, string> = manifest.scripts

it.each(Object.keys(scripts).filter((name) => /^(?:attack|bench):/u.test(name)))('a fresh clone can run %s', (name) => {
  expect(scripts[`pre${name}`]).toMatch(/^node scripts\/setup\.mjs/u)
  // Its own packages write the tables and plots; one asks no more than the app.
  if (name.startsWith('bench:') && name !== 'bench:signin') expect(scripts[`pre${name}`]).toContain('bench/install.mjs')
})
