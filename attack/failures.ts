/**
 * `npm run attack:failures`: breaks what the built app stands on, one thing at a time, and looks: does it say so clearly,
 * give nobody anything, write it down, and recover by itself with nothing lost? ATTACK_ONLY runs the cases whose name
 * holds that text. Needs Linux: limits of a running process are set with prlimit, and a small disk is mounted by root.
 */
import { exitOnSignals } from './exit-on-signals.ts'
import type { FailureCase } from './failures/case.ts'
import { CLOCK_FAILURES } from './failures/clock.ts'
import { MACHINE_FAILURES } from './failures/machine.ts'
import { MAIL_FAILURES } from './failures/mail.ts'
import { POSTGRES_FAILURES } from './failures/postgres.ts'
import { SQLITE_FAILURES } from './failures/sqlite.ts'

const only = process.env.ATTACK_ONLY ?? ''
const cases: FailureCase[] = [
  ...MAIL_FAILURES,
  ...SQLITE_FAILURES,
  ...POSTGRES_FAILURES,
  ...MACHINE_FAILURES,
  ...CLOCK_FAILURES,
]

exitOnSignals()
let failed = 0
for (const { name, run } of cases.filter((each) => each.name.includes(only))) {
  const [holds, said] = await run().then(
    (measured) => [true, measured] as const,
    (error: Error) => [false, error.message] as const,
  )
  if (!holds) failed += 1
  process.stdout.write(`${holds ? 'ok    ' : 'FAILED'} ${name.padEnd(42)} ${said}\n`)
}
process.exitCode = failed === 0 ? 0 : 1
