import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

export interface Tally {
  passed: number
  /** One text for each: where it is and what it is called, below it what it said. */
  failures: string[]
}

/** Lines of what a test said when it failed. Whatever is longer was printed where it happened. */
const LINES = 25

export function failure(title: string, said = ''): string {
  const lines = stripVTControlCharacters(said).trim().split('\n').slice(0, LINES)
  return [title, ...lines.filter(Boolean).map((line) => `    ${line}`)].join('\n')
}

/** The part of Vitest's JSON report that is read here. Files that could not be loaded have a message of their own and no tests. */
interface VitestReport {
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages?: string[] | null }[]
  }[]
}

export function readVitestReport(report: string, root: string): Tally {
  const { testResults }: VitestReport = JSON.parse(report)
  const tests = testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, file: relative(root, file.name) })),
  )
  const unloaded = testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.length)
  return {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failures: [
      ...unloaded.map(({ name, message }) => failure(relative(root, name), message)),
      ...tests
        .filter(({ status }) => status === 'failed')
        .map(({ file, fullName, failureMessages }) => failure(`${file} ${fullName}`, failureMessages?.join('\n'))),
    ],
  }
}

interface PlaywrightSuite {
  title: string
  suites?: PlaywrightSuite[]
  specs: {
    title: string
    file: string
    tests: { status: string; results: { error?: { message?: string } }[] }[]
  }[]
}

/** The part of Playwright's JSON report that is read here. What failed outside of any test is among its `errors`. */
interface PlaywrightReport {
  suites: PlaywrightSuite[]
  errors: { message?: string }[]
  stats: { expected: number; flaky: number }
}

export function readPlaywrightReport(report: string): Tally {
  const { suites, errors, stats }: PlaywrightReport = JSON.parse(report)
  const specsOf = (suite: PlaywrightSuite): PlaywrightSuite['specs'] => [
    ...suite.specs,
    ...(suite.suites ?? []).flatMap(specsOf),
  ]
  const failed = suites
    .flatMap(specsOf)
    .flatMap((spec) =>
      spec.tests
        .filter(({ status }) => status === 'unexpected')
        .map(({ results }) => failure(`${spec.file} ${spec.title}`, results.at(-1)?.error?.message)),
    )
  return {
    passed: stats.expected + stats.flaky,
    failures: [...failed, ...errors.map(({ message }) => failure('Playwright', message))],
  }
}
