/**
 * `npm run attack:machines`: three instances of the built app on one Postgres, behind the real nginx and then the real
 * HAProxy with the files of deploy/. Limits, mail, a killed instance, a rolling restart, a restarted Postgres. Prints a
 * line for each, ends with 1 when one did not hold; `--publish` also writes them into docs/benchmarks.md. ATTACK_ONLY runs
 * the cases whose name holds that text.
 */
import { installed, NOT_INSTALLED } from './abuse/installed.ts'
import { startNginx } from './abuse/nginx.ts'
import { openTable, type Verdict } from './abuse/verdict.ts'
import { exitOnSignals } from './exit-on-signals.ts'
import { type Fleet, openFleet, type StartProxy } from './machines/fleet.ts'
import { startHaproxy } from './machines/haproxy.ts'
import { killUnderLoad } from './machines/killed.ts'
import { holdLimits } from './machines/limits.ts'
import { sendOnce } from './machines/outbox.ts'
import { restartPostgres } from './machines/postgres-restarted.ts'
import { restartInTurn } from './machines/rolling-restart.ts'

/** The limits that people meet, and a log that says who answered. */
const REAL_LIMITS = { LIMIT_SCALE: '1', LOG_LEVEL: 'debug' }

interface Case {
  name: string
  run: (fleet: Fleet) => Promise<Verdict[]>
}

const LIMITS: Case = { name: 'limits', run: holdLimits }
const UNDER_LOAD: Case[] = [
  { name: 'rolling restart', run: restartInTurn },
  { name: 'outbox', run: sendOnce },
  { name: 'Postgres restarted', run: restartPostgres },
  { name: 'instance killed', run: killUnderLoad },
]

const only = process.env.ATTACK_ONLY ?? ''
const table = openTable()
const verdicts: Verdict[] = []

function add(through: string, found: Verdict[]) {
  const named = found.map((verdict) => ({ ...verdict, attack: `${verdict.attack}, ${through}` }))
  verdicts.push(...named)
  table.add(named)
}

/** One fleet for all these cases, one after the other. */
async function attack(through: string, startProxy: StartProxy, cases: Case[], settings: Record<string, string> = {}) {
  const chosen = cases.filter(({ name }) => name.includes(only))
  if (chosen.length === 0) return
  const fleet = await openFleet(startProxy, settings)
  try {
    for (const { name, run } of chosen)
      add(through, await run(fleet).catch((error: Error) => [{ attack: name, figure: error.message, held: false }]))
  } finally {
    await fleet.close()
  }
}

exitOnSignals()
for (const [command, name, startProxy] of [
  ['nginx', 'nginx', startNginx],
  ['haproxy', 'HAProxy', startHaproxy],
] as const) {
  if (installed('openssl', 'version') && installed(command, '-v')) {
    await attack(name, startProxy, [LIMITS], REAL_LIMITS)
    await attack(name, startProxy, UNDER_LOAD)
  } else add(name, [{ attack: 'everything', figure: NOT_INSTALLED(command), held: null }])
}

if (process.argv.includes('--publish')) {
  const { publishMachines } = await import('./machines/publish.ts')
  await publishMachines(verdicts)
}
process.exitCode = table.missed() === 0 ? 0 : 1
