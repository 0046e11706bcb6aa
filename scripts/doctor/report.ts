import type { Finding } from './finding.ts'

const count = (findings: Finding[], state: Finding['state']) =>
  findings.filter((finding) => finding.state === state).length

/** One line a finding, and one that sums up. */
export function textReport(findings: Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length))
  const lines = findings.map(({ check, state, message }) => `${state.padEnd(9)}${check.padEnd(width + 2)}${message}`)
  const sum = (['wrong', 'warning', 'ok'] as const).map((state) => `${count(findings, state)} ${state}`).join(', ')
  return [...lines, '', sum].join('\n')
}

/** For scripts; the shape is kept. */
export function jsonReport(findings: Finding[]): string {
  const [ok, warning, wrong] = (['ok', 'warning', 'wrong'] as const).map((state) => count(findings, state))
  return JSON.stringify({ ok, warning, wrong, findings }, null, 2)
}

/** 0: all is well. 1: something is wrong. 2: nothing is, but there are warnings. */
export function exitCodeOf(findings: Finding[]): 0 | 1 | 2 {
  if (count(findings, 'wrong') > 0) return 1
  return count(findings, 'warning') > 0 ? 2 : 0
}
