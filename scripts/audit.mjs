/**
 * `npm run audit`: fails where a package of production has a known hole of high or critical severity. Registries need not
 * answer audits; where this one does not, it says so and lets pass, because that is no finding.
 */
import { spawnSync } from 'node:child_process'
import { auditVerdict } from './audit/verdict.mjs'

const AUDIT = ['audit', '--omit=dev', '--audit-level=high', '--fetch-retries=1', '--fetch-timeout=30000']

// As `npm run` was started itself: by path, because Windows starts no `npm` without a shell.
const [command, ...first] = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm']
const npm = (...args) => spawnSync(command, [...first, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 })

const { verdict, sentence } = auditVerdict(npm(...AUDIT, '--json').stdout)
console.log(sentence)
if (verdict === 'holes') process.stdout.write(npm(...AUDIT).stdout)
process.exitCode = verdict === 'clean' || verdict === 'unasked' ? 0 : 1
