/**
 * `npm run attack:build`: builds the app in a copy of its own with a mark in every secret setting, and looks for the mark in all
 * that the build has made. Ends with 1 when it is found: a build is copied to where secrets do not belong.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

const ROOT = dirname(import.meta.dirname)
const MARK = 'canary-of-the-build'
/** Each as an operator writes it, with the mark in the part that nobody else may know. */
const SECRETS = {
  AUTH_SECRET: `${MARK}-secret-long-enough`,
  AUTH_SECRET_PREVIOUS: `${MARK}-previous-secret-long-enough`,
  DATABASE_URL: `postgres://me:${MARK}@127.0.0.1:1/none`,
  MAIL_URL: `smtp://me:${MARK}@127.0.0.1:1`,
  RESEND_API_KEY: `re_${MARK}`,
}
const LEFT_OUT = [
  '.git',
  '.next',
  'attack',
  'bench',
  'data',
  'docs',
  'e2e',
  'mutation',
  'node_modules',
  'package-lock.json',
  'test',
  'test-results',
]
const WITHIN_MS = 600_000

// Below the packages, because Next looks for them in the folders above; without a lock file, because that would end the search.
const results = join(ROOT, 'test-results')
mkdirSync(results, { recursive: true })
const copy = mkdtempSync(join(results, 'attack-build-'))
try {
  for (const name of readdirSync(ROOT).filter((each) => !LEFT_OUT.includes(each)))
    cpSync(join(ROOT, name), join(copy, name), { recursive: true })
  const next = join(ROOT, 'node_modules', 'next', 'dist', 'bin', 'next')
  const env = { ...process.env, ...SECRETS, NODE_ENV: 'production' as const }
  const { status, stderr } = spawnSync(process.execPath, [next, 'build'], { cwd: copy, env, timeout: WITHIN_MS })
  if (status !== 0) throw new Error(`The build failed:\n${stderr}`)
  const files = globSync('.next/**', { cwd: copy }).filter((path) => statSync(join(copy, path)).isFile())
  const marked = files.filter((path) => readFileSync(join(copy, path)).includes(MARK))
  console.log(`${marked.length} of ${files.length} files of the build hold a secret.`)
  for (const path of marked) console.log(`  ${path}`)
  process.exitCode = marked.length === 0 && files.length > 100 ? 0 : 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
