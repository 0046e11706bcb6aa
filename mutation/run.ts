/**
 * `npm run mutation [-- FOLDER | FILE...]`: breaks the code of each folder, or of these files of it, in every small way Stryker
 * knows and asks the tests that hold the folder to notice. A run that was stopped goes on where it was. Reports, of all that
 * was asked of a folder so far: mutation/report/FOLDER/.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { type PartialStrykerOptions, Stryker } from '@stryker-mutator/core'

const ROOT = dirname(import.meta.dirname)

/** Each folder and the tests that hold it. Few are quick: every mutant runs those that reach it until one fails. */
const HELD_BY: Record<string, string[]> = {
  'lib/passwords': ['lib/passwords/*.test.ts'],
  'lib/limits': ['lib/limits/*.test.ts'],
  'db/queries': ['db/queries/!(plans).db.test.ts', 'lib/limits/*.test.ts'],
  'lib/http': ['lib/http/*.test.ts'],
  'lib/auth': ['lib/auth/*.test.ts', 'test/docs/numbers.test.ts'],
}

const folders = Object.keys(HELD_BY)
const asked = process.argv.length > 2 ? process.argv.slice(2) : folders
const isIn = (folder: string) => (path: string) => path === folder || path.startsWith(`${folder}/`)
const unknown = asked.find((path) => !folders.some((folder) => isIn(folder)(path)))
if (unknown) {
  console.error(`${unknown} is neither ${folders.join(', ')} nor in one of them.`)
  process.exit(1)
}
process.chdir(ROOT)
// It takes long and nobody waits for it.
setPriority(constants.priority.PRIORITY_LOW)

/** Some tests of the folder, asked alone: quicker, and what they notice all of them do. */
const fewer = process.env.MUTATION_TESTS

const reportOf = (folder: string) => join('mutation', 'report', folder)

const options = (folder: string, paths: string[]): PartialStrykerOptions => {
  const report = reportOf(folder)
  return {
    testRunner: 'vitest',
    vitest: { configFile: 'vitest.mutation.config.ts', related: false, pool: 'threads' },
    mutate: [...paths.map((path) => (path.endsWith('.ts') ? path : `${path}/**/*.ts`)), '!**/*.test.ts'],
    ignorePatterns: ['/.next', '/attack', '/bench', '/data', '/deploy', '/e2e', '/mutation', '/test-results'],
    coverageAnalysis: 'perTest',
    concurrency: 2,
    // A busy machine is no endless loop: those are told by how often they come past the fault.
    timeoutMS: 600_000,
    dryRunTimeoutMinutes: 20,
    incremental: true,
    incrementalFile: join(report, 'incremental.json'),
    reporters: ['progress-append-only', 'html', 'json'],
    htmlReporter: { fileName: join(report, 'mutation.html') },
    jsonReporter: { fileName: join(report, 'mutation.json') },
  }
}

interface Mutant {
  mutatorName: string
  status: string
  location: { start: { line: number } }
  replacement?: string
}
type Report = { files: Record<string, { mutants: Mutant[] }> }

/** What was missed before is asked again: Stryker compares each test alone and does not see a change of what they share. */
function forgetMissed(folder: string): void {
  const file = join(reportOf(folder), 'incremental.json')
  if (!existsSync(file)) return
  const report: Report = JSON.parse(readFileSync(file, 'utf8'))
  for (const found of Object.values(report.files)) found.mutants = found.mutants.filter(isNoticed)
  writeFileSync(file, JSON.stringify(report))
}

// An endless loop is noticed; what cannot be compiled or was left out counts neither way.
const isNoticed = ({ status }: Pick<Mutant, 'status'>) => status === 'Killed' || status === 'Timeout'

/** One line a survivor, and one for the folder. False below the 90 % that the folder owes. */
function tell(folder: string): boolean {
  const report: Report = JSON.parse(readFileSync(join(reportOf(folder), 'mutation.json'), 'utf8'))
  const mutants = Object.entries(report.files).flatMap(([file, found]) =>
    found.mutants.map((mutant) => ({ ...mutant, file })),
  )
  const noticed = mutants.filter(isNoticed).length
  const missed = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
  for (const { file, location, mutatorName, replacement = '' } of missed)
    console.log(`  ${file}:${location.start.line} ${mutatorName} -> ${replacement.replace(/\s+/gu, ' ').slice(0, 100)}`)
  const score = (100 * noticed) / (noticed + missed.length)
  console.log(`${folder}: ${noticed} of ${noticed + missed.length} mutants noticed, ${score.toFixed(1)} %`)
  return score >= 90
}

let kept = true
for (const folder of folders) {
  const paths = asked.filter(isIn(folder))
  if (paths.length === 0) continue
  // Not by Stryker's own testFiles: with it, faults in what runs at import are planted too late to be noticed.
  process.env.MUTATION_TESTS = fewer ?? HELD_BY[folder]?.join(' ') ?? ''
  forgetMissed(folder)
  await new Stryker(options(folder, paths)).runMutationTest()
  kept = tell(folder) && kept
}
process.exitCode = kept ? 0 : 1
