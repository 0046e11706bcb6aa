/**
 * `npm run bench:sweep`: does a backlog hold anybody up? The real job deletes a million expired rows from a database of
 * 100,000 accounts while another process checks sessions; sweeping and rest take turns, so that both meet the same machine.
 * `npm run bench:sweep -- 20000` makes fewer rows.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BATCH } from '../../lib/jobs/delete-expired.ts'
import { startPostgres } from '../../test/start-postgres.ts'
import { publish } from '../report/publish.ts'
import { EXPIRED, insertExpired } from './expired-rows.ts'
import { createDatabase, fillPostgres } from './fill-postgres.ts'
import { fillSqlite } from './fill-sqlite.ts'
import { percentile } from './percentile.ts'
import { sweepBesideChecks } from './sweep-beside-checks.ts'

const ACCOUNTS = 100_000
const TIMES_IDLE = 2

const expired = Number(process.argv[2] ?? 1_000_000)
const more = EXPIRED.map((rows) => insertExpired(rows, 1, (expired * rows.share) / 100, ACCOUNTS))

async function sweepBoth() {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-sweep-'))
  const say = (what: string) => process.stdout.write(`\r  filled: ${what}        `)
  try {
    console.log('SQLite')
    const file = join(folder, 'sweep.db')
    await fillSqlite(file, ACCOUNTS, say, more)
    const sqlite = await sweepBesideChecks({ kind: 'sqlite', file }, ACCOUNTS)
    console.log('Postgres')
    const server = await startPostgres()
    try {
      const url = await createDatabase(server.url, 'sweep')
      await fillPostgres(url, ACCOUNTS, say, more)
      return { SQLite: sqlite, Postgres: await sweepBesideChecks({ kind: 'postgres', url }, ACCOUNTS) }
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const ms = (value: number) => `${value.toFixed(2)} ms`
const results = Object.entries(await sweepBoth()).map(([kind, { deleted, seconds, idle, during }]) => {
  const [idleP99, duringP99] = [percentile(idle, 0.99), percentile(during, 0.99)]
  const met = deleted === expired && duringP99 <= TIMES_IDLE * idleP99
  const medians = [ms(percentile(idle, 0.5)), ms(percentile(during, 0.5))]
  const cells = [kind, deleted.toLocaleString('en'), `${seconds.toFixed(0)} s`, ...medians, ms(idleP99), ms(duringP99)]
  return { kind, met, idle, during, row: [...cells, (duringP99 / idleP99).toFixed(2)] }
})
const head = ['Database', 'Rows', 'Sweeping', 'Median, idle', 'sweeping', 'p99, idle', 'sweeping', 'sweeping to idle']
const met = results.every((result) => result.met)
const said = [
  `p99 of session checks in another process: ${met ? 'under' : 'not under'} ${TIMES_IDLE} times its idle value, as was to be reached. ${results.map(({ kind, idle, during }) => `${kind}: ${idle.length} checks idle, ${during.length} sweeping`).join('; ')}.`,
  `Batches of ${BATCH} rows; every expired row went, and no live one.`,
]
for (const { row } of results) console.log(row.join('  '))
for (const line of said) console.log(line)
const steps = [0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.995]
publish({
  id: 'sweep',
  command: 'npm run bench:sweep',
  head,
  rows: results.map(({ row }) => row),
  findings: said,
  plot: {
    alt: 'Time of a session check by percentile, idle and beside the sweeper',
    option: {
      legend: { top: 0 },
      xAxis: {
        type: 'category',
        name: 'percentile',
        nameLocation: 'middle',
        nameGap: 30,
        data: steps.map((step) => `${step * 100}`),
      },
      yAxis: { type: 'value', name: 'ms' },
      series: results.flatMap(({ kind, idle, during }) => [
        { name: `${kind}, idle`, type: 'line', data: steps.map((step) => percentile(idle, step)) },
        { name: `${kind}, sweeping`, type: 'line', data: steps.map((step) => percentile(during, step)) },
      ]),
    },
  },
})
process.exitCode = met ? 0 : 1
