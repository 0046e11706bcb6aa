import { describe, expect, test } from 'vitest'
import { failure, readPlaywrightReport, readVitestReport } from './reports.ts'

const RED = '\u001b[31m'

describe('what failed', () => {
  test('is named, with what it said below, without colours', () => {
    expect(failure('lib/a.test.ts adds', `${RED}expected 2\n\n  to be 3\n`)).toBe(
      'lib/a.test.ts adds\n    expected 2\n      to be 3',
    )
    expect(failure('lint')).toBe('lint')
  })

  test('is cut where it says more than anybody reads', () => {
    expect(failure('lint', 'line\n'.repeat(1000)).split('\n')).toHaveLength(26)
  })
})

describe("Vitest's report", () => {
  const report = (assertionResults: unknown[], status = 'failed', message = '') =>
    readVitestReport(
      JSON.stringify({ testResults: [{ name: '/clone/lib/a.test.ts', status, message, assertionResults }] }),
      '/clone',
    )

  test('counts what passed and names what failed', () => {
    const passed = { fullName: 'adds', status: 'passed', failureMessages: [] }
    const failed = { fullName: 'takes away', status: 'failed', failureMessages: ['expected 1'] }
    const skipped = { fullName: 'divides', status: 'skipped', failureMessages: null }
    expect(report([passed, failed, skipped])).toEqual({
      passed: 1,
      failures: ['lib/a.test.ts takes away\n    expected 1'],
    })
  })

  test('names a file that could not be loaded', () => {
    expect(report([], 'failed', 'no such module')).toEqual({
      passed: 0,
      failures: ['lib/a.test.ts\n    no such module'],
    })
    expect(report([], 'passed')).toEqual({ passed: 0, failures: [] })
  })
})

test("Playwright's report names what failed at its last try, at any depth, and what failed around the tests", () => {
  const spec = (title: string, status: string, ...said: string[]) => ({
    title,
    file: 'a.spec.ts',
    tests: [{ status, results: said.map((message) => ({ error: { message } })) }],
  })
  const report = {
    suites: [
      {
        title: 'a.spec.ts',
        specs: [spec('opens', 'expected')],
        suites: [
          { title: 'later', specs: [spec('closes', 'unexpected', 'at first', 'again'), spec('waits', 'flaky')] },
        ],
      },
    ],
    errors: [{ message: 'no server' }],
    stats: { expected: 1, flaky: 1 },
  }
  expect(readPlaywrightReport(JSON.stringify(report))).toEqual({
    passed: 2,
    failures: ['a.spec.ts closes\n    again', 'Playwright\n    no server'],
  })
})
