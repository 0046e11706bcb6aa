/** What a registry answers that has no audits, whatever it is asked. */
const NOT_OFFERED = [404, 405, 501]
const GRAVE = ['high', 'critical']

/**
 * What an answer of `npm audit --json` means for a release: `clean`, `holes` (a package of production has a known hole of
 * high or critical severity), `unasked` (the registry offers no audits, or was not reached: no finding) or `failed`.
 * @param {string} json
 * @returns {{ verdict: 'clean' | 'holes' | 'unasked' | 'failed', sentence: string }}
 */
export function auditVerdict(json) {
  const report = parsed(json)
  const counts = report.metadata?.vulnerabilities
  if (counts !== undefined) {
    const grave = GRAVE.reduce((sum, severity) => sum + counts[severity], 0)
    const packages = `${report.metadata.dependencies?.prod} packages`
    return grave === 0
      ? { verdict: 'clean', sentence: `No known hole of high or critical severity in ${packages}.` }
      : { verdict: 'holes', sentence: `Known holes of high or critical severity: ${grave}, in ${packages}.` }
  }
  if (NOT_OFFERED.includes(report.statusCode)) {
    const sentence = `NOT AUDITED: this registry has no audit endpoint (it answered ${report.statusCode}).`
    return { verdict: 'unasked', sentence }
  }
  // npm names no status where nobody answered.
  if (report.statusCode === undefined && /^request to .* failed, reason: /u.test(report.message ?? '')) {
    return { verdict: 'unasked', sentence: 'NOT AUDITED: the registry was not reached.' }
  }
  return { verdict: 'failed', sentence: `The audit failed: ${report.message ?? 'npm gave no report'}` }
}

function parsed(json) {
  try {
    const value = JSON.parse(json)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
