/**
 * `npm run bench:growth`: does the app get slower as accounts come in? Fills both databases with 10,000, a million and ten
 * million accounts, and does every act at each size in turn. `npm run bench:growth -- 1000 100000` takes other sizes.
 * Ten million take about 10 GB below the temporary folder, for one kind of database after the other.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startPostgres } from '../../test/start-postgres.ts'
import { publish } from '../report/publish.ts'
import type { Measured } from './measure.ts'
import { findings, plot, rows, worstRatio } from './report.ts'

const SIZES = [10_000, 1_000_000, 10_000_000]
const RATIO_UP_TO = 1.5
/** Postgres is delivered with 128 MB, for a machine of any size, and advises a quarter of the memory (docs/operations.md). */
const SHARED_BUFFERS = '3GB'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '300' } },
})
const sizes = positionals.length > 0 ? positionals.map(Number) : SIZES
if (sizes.length < 2 || sizes.some((size) => !Number.isSafeInteger(size) || size < 1_000))
  throw new Error('Give two sizes or more, as numbers of accounts from 1000 up.')

/** In a process of its own: which of the two databases one speaks to cannot change while it runs. */
async function measure(databaseUrl: string, folder: string): Promise<Measured> {
  const child = fork(
    join(import.meta.dirname, 'measure.ts'),
    ['--sizes', sizes.join(','), '--rounds', values.rounds, '--folder', folder],
    { env: { ...process.env, DATABASE_URL: databaseUrl } },
  )
  let measured: Measured | undefined
  child.on('message', (message: Measured) => {
    measured = message
  })
  const [code] = await once(child, 'exit')
  if (code !== 0 || !measured) throw new Error(`Measuring ended with code ${code}.`)
  return measured
}

async function measureBoth() {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-growth-'))
  try {
    console.log('SQLite')
    const sqlite = await measure('', folder)
    console.log('Postgres')
    const server = await startPostgres(`shared_buffers=${SHARED_BUFFERS}`)
    const postgres = await measure(server.url, folder).finally(server.stop)
    return { SQLite: sqlite, Postgres: postgres }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const began = performance.now()
const results = await measureBoth()
const worst = worstRatio(results)
const met = worst.ratio <= RATIO_UP_TO
const head = ['Median', ...sizes.map((size) => `${size.toLocaleString('en')} accounts`), 'last to first']
const table = rows(results)
console.table(table.map((row) => Object.fromEntries(row.map((cell, column) => [head[column], cell]))))
const said = [
  `${worst.name} grew most: ${worst.ratio.toFixed(2)} times, at most ${RATIO_UP_TO} was to be reached. ${values.rounds} times each, in turn.`,
  ...findings(results, sizes),
  `Postgres with shared_buffers = ${SHARED_BUFFERS}.`,
]
for (const line of said) console.log(line)
console.log(
  `${met ? 'The target is met' : 'The target is missed'}, after ${((performance.now() - began) / 60_000).toFixed(1)} minutes.`,
)
publish({
  id: 'growth',
  command: 'npm run bench:growth',
  head,
  rows: table,
  findings: said,
  plot: plot(results, sizes),
})
process.exitCode = met ? 0 : 1
