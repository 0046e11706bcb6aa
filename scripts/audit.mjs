/**
 * `npm run audit`: fails where a package of production has a known hole of high or critical severity. Registries need not
 * answer audits; where this one does not, it says so and lets pass, because that is no finding.
 */
import { spawnSync } from 'node:child_process'

const NOT_OFFERED = [404, 405, 501]
const AUDIT = ['audit', '--omit=dev', '--audit-level=high']

// As `npm run` was started itself: by path, because Windows starts no `npm` without a shell.
const [command, ...first] = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm']
const npm = (...args) => spawnSync(command, [...first, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 })

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

const { status, stdout } = npm(...AUDIT, '--json')
const report = parsed(stdout)
if (status === 0) {
  console.log(`No known hole of high or critical severity in ${report.metadata?.dependencies?.prod} packages.`)
} else if (NOT_OFFERED.includes(report.statusCode)) {
  console.log(`Not audited: this registry has no audit endpoint (it answered ${report.statusCode}).`)
} else {
  const told = npm(...AUDIT)
  process.stderr.write(told.stdout + told.stderr)
  process.exitCode = told.status || 1
}
