/**
 * `npm run attack:failures`: breaks what the built app stands on, one thing at a time, and looks: does it say so clearly,
 * give nobody anything, write it down, and recover by itself with nothing lost? ATTACK_ONLY runs the cases whose name
 * holds that text. Needs Linux: limits of a running process are set with prlimit, and a small disk is mounted by root.
 */
import { openTable } from './abuse/verdict.ts'
import { exitOnSignals } from './exit-on-signals.ts'
import { type FailureCase, NotTried } from './failures/case.ts'
import { CLOCK_FAILURES } from './failures/clock.ts'
import { MACHINE_FAILURES } from './failures/machine.ts'
import { MAIL_FAILURES } from './failures/mail.ts'
import { POSTGRES_FAILURES } from './failures/postgres.ts'
import { SQLITE_FAILURES } from './failures/sqlite.ts'
import { THREAD_FAILURES } from './failures/threads.ts'

const only = process.env.ATTACK_ONLY ?? ''
const cases: FailureCase[] = [
  ...MAIL_FAILURES,
  ...SQLITE_FAILURES,
  ...POSTGRES_FAILURES,
  ...MACHINE_FAILURES,
  ...THREAD_FAILURES,
  ...CLOCK_FAILURES,
]

exitOnSignals()
const table = openTable()
for (const { name, run } of cases.filter((each) => each.name.includes(only))) {
  const [held, figure] = await run().then(
    (measured) => [true, measured] as const,
    (error: Error) => [error instanceof NotTried ? null : false, error.message] as const,
  )
  table.add([{ attack: name, held, figure }])
}
process.exitCode = table.missed() === 0 ? 0 : 1
