import { expect, test } from 'vitest'
import { findingsFrom, findingsOf } from './finding.ts'
import { exitCodeOf, jsonReport, textReport } from './report.ts'

const { ok, warning } = findingsOf('mail')
const { wrong } = findingsOf('settings')

test('one line a finding, in columns, and a sum', () => {
  expect(textReport([wrong('PORT must be a number.'), ok('It goes.')])).toBe(
    ['wrong    settings  PORT must be a number.', 'ok       mail      It goes.', '', '1 wrong, 0 warning, 1 ok'].join(
      '\n',
    ),
  )
})

test('for scripts: counts and findings', () => {
  const findings = [ok('It goes.'), warning('Slowly.')]
  expect(JSON.parse(jsonReport(findings))).toEqual({ ok: 1, warning: 1, wrong: 0, findings })
})

test('0 when all is well, 1 when something is wrong, 2 when there are only warnings', () => {
  expect(exitCodeOf([ok('')])).toBe(0)
  expect(exitCodeOf([ok(''), wrong(''), warning('')])).toBe(1)
  expect(exitCodeOf([ok(''), warning('')])).toBe(2)
})

test('a check that breaks is a finding, with what was said first and no statement around it', async () => {
  const driver = Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' })
  const broken = () => Promise.reject(new Error('Failed query: insert hunter2', { cause: driver }))
  expect(await findingsFrom('mail', broken)).toEqual([
    { check: 'mail', state: 'wrong', message: 'This could not be looked at: ECONNREFUSED.' },
  ])
})
