/** `npm run doctor [-- --json] [-- --send-mail you@example.com]`: says what is wrong with this installation and how to mend it. */
import { parseArgs } from 'node:util'
import { loadSettings } from './backup/load-settings.ts'
import { exitCodeOf, jsonReport, textReport } from './doctor/report.ts'

const USAGE = 'npm run doctor -- [--json] [--send-mail you@example.com]'

function readArguments() {
  try {
    return parseArgs({ options: { json: { type: 'boolean' }, 'send-mail': { type: 'string' } } }).values
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`)
    process.exit(1)
  }
}

const { json, 'send-mail': sendMailTo } = readArguments()
loadSettings()
// After the settings: what it imports picks its database by them.
const { examine } = await import('./doctor/examine.ts')
const findings = await examine(process.env, { now: Date.now, sendMailTo })
console.log(json ? jsonReport(findings) : textReport(findings))
process.exitCode = exitCodeOf(findings)
