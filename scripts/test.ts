/** `npm test`: every check there is, the quick ones first and together. Ends with one line: `N passed, N failed`. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

interface Tally {
  passed: number
  failed: number
}

const ROOT = dirname(import.meta.dirname)
const reports = mkdtempSync(join(tmpdir(), 'vestibule-test-'))
const bin = (name: string) => join(ROOT, 'node_modules', '.bin', name)
const seconds = (began: number) => `${((performance.now() - began) / 1000).toFixed(1)} s`

interface Run {
  args: string[]
  env?: Record<string, string>
  /** Held back until the end, so that checks that run together do not write into each other's lines. */
  quiet?: boolean
}

/** Runs a program of node_modules with this Node. Resolves with its exit code and, when quiet, what it said. */
function run(name: string, { args, env = {}, quiet = false }: Run): Promise<{ code: number; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin(name), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk))
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, said }))
  })
}

async function check(title: string, name: string, args: string[]): Promise<Tally> {
  const began = performance.now()
  const { code, said } = await run(name, { args, quiet: true })
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${title} (${seconds(began)})`)
  if (code !== 0) console.log(said)
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }
}

/** Believes the runner's own report, and its exit code where that knows more: a crash, a broken setup, no test at all. */
async function suite(title: string, name: string, options: Run, count: (report: string) => Tally): Promise<Tally> {
  console.log(`\n${title}`)
  const { code } = await run(name, options)
  let tally: Tally
  try {
    tally = count(readFileSync(join(reports, `${name}.json`), 'utf8'))
  } catch {
    console.log(`FAILED ${title}: the runner left no report.`)
    return { passed: 0, failed: 1 }
  }
  if (tally.failed === 0 && code !== 0) {
    console.log(`FAILED ${title}: every test passed, but something around them did not; see above.`)
    return { ...tally, failed: 1 }
  }
  if (tally.passed + tally.failed > 0) return tally
  console.log(`FAILED ${title}: no test ran.`)
  return { passed: 0, failed: 1 }
}

function countVitest(report: string): Tally {
  const { numPassedTests, numFailedTests } = JSON.parse(report)
  return { passed: numPassedTests, failed: numFailedTests }
}

function countPlaywright(report: string): Tally {
  const { stats, errors } = JSON.parse(report)
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + errors.length }
}

const HOUSE = ['app', 'components', 'db', 'lib', 'e2e', 'scripts', 'server.ts', 'instrumentation.ts', 'proxy.ts']

const tallies = await Promise.all([
  check('lint', 'biome', ['check', '.']),
  check('types', 'tsc', ['--noEmit']),
  check('boundaries', 'depcruise', ['--config', '.dependency-cruiser.cjs', ...HOUSE]),
  check('dead code', 'knip', []),
])
const vitest = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, 'vitest.json')}`]
tallies.push(await suite('Units and verbs, on both databases', 'vitest', { args: vitest }, countVitest))
const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, 'playwright.json') }
const playwright = { args: ['test', '--reporter=list,json'], env }
tallies.push(await suite('Browser journeys', 'playwright', playwright, countPlaywright))

rmSync(reports, { recursive: true, force: true })
const sum = (key: keyof Tally) => tallies.reduce((total, tally) => total + tally[key], 0)
process.exitCode = sum('failed') === 0 ? 0 : 1
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`)
