/**
 * `npm test`: every check there is, the quick ones first and together. What failed is named again at the end, since hundreds of
 * lines may stand between; the last line is `N passed, N failed`.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { failure, readPlaywrightReport, readVitestReport, type Tally } from './test/reports.ts'

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
  return code === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [failure(title, said)] }
}

/** Believes the runner's own report, and its exit code where that knows more: a crash, a broken setup, no test at all. */
async function suite(title: string, name: string, options: Run, read: (report: string) => Tally): Promise<Tally> {
  console.log(`\n${title}`)
  const { code } = await run(name, options)
  let tally: Tally
  try {
    tally = read(readFileSync(join(reports, `${name}.json`), 'utf8'))
  } catch {
    return { passed: 0, failures: [failure(title, 'The runner left no report; see above.')] }
  }
  if (tally.failures.length > 0) return tally
  if (code !== 0)
    return { ...tally, failures: [failure(title, 'Every test passed, but something around them did not; see above.')] }
  return tally.passed > 0 ? tally : { passed: 0, failures: [failure(title, 'No test ran.')] }
}

const HOUSE = ['app', 'components', 'db', 'lib', 'e2e', 'scripts', 'server.ts', 'instrumentation.ts', 'proxy.ts']

const tallies = await Promise.all([
  check('lint', 'biome', ['check', '.']),
  check('types', 'tsc', ['--noEmit']),
  check('boundaries', 'depcruise', ['--config', '.dependency-cruiser.cjs', ...HOUSE]),
  check('dead code', 'knip', []),
])
const vitest = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${join(reports, 'vitest.json')}`]
tallies.push(
  await suite('Units and verbs, on both databases', 'vitest', { args: vitest }, (report) =>
    readVitestReport(report, ROOT),
  ),
)
const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, 'playwright.json') }
const playwright = { args: ['test', '--reporter=list,json'], env }
tallies.push(await suite('Browser journeys', 'playwright', playwright, readPlaywrightReport))

rmSync(reports, { recursive: true, force: true })
const passed = tallies.reduce((total, tally) => total + tally.passed, 0)
const failures = tallies.flatMap((tally) => tally.failures)
process.exitCode = failures.length === 0 ? 0 : 1
if (failures.length > 0) console.log(`\nWhat failed:\n\n${failures.join('\n\n')}`)
console.log(`\n${passed} passed, ${failures.length} failed`)
