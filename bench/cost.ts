/**
 * What it costs to run: memory at rest and after 200,000 requests, the time until it answers, and the bytes on disk of an
 * install without development packages. About two minutes; `--short` is a trial with a tenth of the requests.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { startServer } from '../e2e/start-server.ts'
import { buildOnDisk, installedOnDisk, type OnDisk } from './cost/disk.ts'
import { INSPECTABLE, inspect } from './inspector.ts'
import { load } from './load.ts'
import { startVestibule } from './peer/vestibule.ts'
import { memory } from './processes.ts'
import { publish } from './report/publish.ts'
import { figure, median, withSpread } from './statistics.ts'
import { judge } from './targets.ts'

const short = process.argv.includes('--short')
const STARTS = 5
const REST_MS = 2_000
const WARM_UP = short ? 2_000 : 20_000
const STEP = short ? 5_000 : 50_000
const STEPS = 4
/** A heap that has seen everything once does not grow; the rest is what the collector leaves to chance. */
const GROWTH_AT_MOST = 1.05
const MB = 1e6

/** Seconds until the first answer, and bytes of memory when nothing has happened for a while. */
async function startOnce(): Promise<{ seconds: number; idle: number }> {
  const began = performance.now()
  const server = await startServer({ LOG_LEVEL: 'error', WORKERS: '1' })
  const seconds = (performance.now() - began) / 1000
  await wait(REST_MS)
  const idle = memory(server.pid)
  await server.stop()
  return { seconds, idle }
}

/** The heap after each step, everything dead collected; the first value is after the warm-up. */
async function heapUnderLoad() {
  const server = await startVestibule('inspected', INSPECTABLE)
  try {
    const cookie = await server.signIn(await server.createAccount('guest'))
    const inspector = await inspect(server.log())
    const after: { heapUsed: number; rss: number }[] = []
    for (const requests of [WARM_UP, ...Array.from({ length: STEPS }, () => STEP)]) {
      await load(server, server.sessionPath, [cookie], { requests })
      after.push(await inspector.memoryAfterCollection())
    }
    inspector.close()
    return after
  } finally {
    await server.stop()
  }
}

const starts = []
for (let n = 0; n < STARTS; n++) starts.push(await startOnce())
const steps = await heapUnderLoad()
const install = installedOnDisk(['dev'])
const image = installedOnDisk(['dev', 'optional'])
const build = buildOnDisk()

const largest = (what: string, { total, parts }: OnDisk): string[][] => [
  [what, `${figure(total / MB)} MB`],
  ...parts.slice(0, 6).map(({ name, bytes }) => [`&ensp;of it ${name}`, `${figure(bytes / MB)} MB`]),
]
const inSteps = (of: 'heapUsed' | 'rss') => steps.map((step) => figure(step[of] / MB)).join(', ')
const counted = (STEP * STEPS).toLocaleString('en-US')
const HEAD = ['', 'measured']
const rows = [
  ['Start until the first answer', `${withSpread(starts.map(({ seconds }) => seconds))} s`],
  ['Memory at rest, one process', `${withSpread(starts.map(({ idle }) => idle / MB))} MB`],
  [
    `Live heap after ${WARM_UP.toLocaleString('en-US')} checks and then every ${STEP.toLocaleString('en-US')}`,
    `${inSteps('heapUsed')} MB`,
  ],
  ['Memory at the same times', `${inSteps('rss')} MB`],
  ...largest('`npm ci --omit dev`', install),
  ...largest('`npm ci --omit dev --omit optional`, as the image has it', image),
  ...largest('The build, without its cache', build),
]
const growth = (steps.at(-1)?.heapUsed ?? Number.NaN) / median(steps.slice(0, 2).map(({ heapUsed }) => heapUsed))
const findings = [
  ...judge([
    {
      what: `Live heap after ${counted} session checks beside that after the warm-up`,
      value: growth,
      atMost: GROWTH_AT_MOST,
    },
  ]),
  `${STARTS} starts, each asked every 50 ms whether it answers; memory ${REST_MS / 1000} s later. Garbage is collected before the heap is read.`,
]
console.log(rows.map(([name, value]) => `  ${name?.replace('&ensp;', '  ').padEnd(64)}${value}`).join('\n'))
console.log(findings.map((line) => `\n  ${line}`).join(''))
if (!short) publish({ id: 'cost', command: 'npm run bench:cost', head: HEAD, rows, findings })
