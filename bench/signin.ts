/**
 * Is bcrypt all that a sign-in costs, and does nothing else wait for it? In one run, turn by turn, so that both meet the
 * same machine: bare bcryptjs in as many threads as there are cores, and clients that sign in without pause.
 */
import { availableParallelism } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { startServer } from '../e2e/start-server.ts'
import { type Account, createAccount, signIn } from './accounts.ts'
import { startBareThreads } from './bare-threads.ts'
import { mean, percentile } from './statistics.ts'
import { probeDuring, rateOf } from './storm.ts'

const CLIENTS = 8
const ROUNDS = 8
const ROUND_MS = 4_000
const COST = 12
const MEDIAN_BELOW_MS = 20
const RATIO_FROM = 0.85

const threads = startBareThreads(COST)

const latency = (values: number[]) =>
  `median ${percentile(values, 0.5).toFixed(1)} ms, p99 ${percentile(values, 0.99).toFixed(1)} ms (${values.length} requests)`

async function measure(origin: string) {
  const accounts: Account[] = []
  for (let n = 1; n <= CLIENTS; n++) accounts.push(await createAccount(origin, `client${n}`))
  const signIns = accounts.map((account) => () => signIn(origin, account))
  const health = [{ url: `${origin}/health` }]
  // One short turn of each, so that neither is measured cold.
  await threads.rate(1_000)
  await rateOf(signIns, 1_000)
  const idle = await probeDuring(health, wait(3_000))
  const bare: number[] = []
  const signedIn: number[] = []
  const loaded: number[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    bare.push(await threads.rate(ROUND_MS))
    const load = rateOf(signIns, ROUND_MS)
    loaded.push(...(await probeDuring(health, load)))
    signedIn.push(await load)
    console.log(`  round ${round}: bare ${bare.at(-1)?.toFixed(2)}/s, sign-ins ${signedIn.at(-1)?.toFixed(2)}/s`)
  }
  return { idle, loaded, bare: mean(bare), signedIn: mean(signedIn) }
}

console.log(
  `bcrypt at cost ${COST}, ${availableParallelism()} threads, ${CLIENTS} clients, ${ROUNDS} rounds of ${ROUND_MS / 1000} s each`,
)
const server = await startServer({ BCRYPT_COST: String(COST), LIMIT_SCALE: '1000000', LOG_LEVEL: 'error' })
try {
  const { idle, loaded, bare, signedIn } = await measure(server.origin)
  const ratio = signedIn / bare
  const median = percentile(loaded, 0.5)
  const met = median < MEDIAN_BELOW_MS && ratio >= RATIO_FROM
  console.log(`
  bare bcryptjs            ${bare.toFixed(2)} comparisons/s
  sign-ins                 ${signedIn.toFixed(2)}/s
  ratio                    ${ratio.toFixed(3)}  (target: ${RATIO_FROM} or more)
  GET /health, idle        ${latency(idle)}
  GET /health, under load  ${latency(loaded)}  (target: median below ${MEDIAN_BELOW_MS} ms)

  ${met ? 'Both targets are met.' : 'A target is missed.'}`)
  process.exitCode = met ? 0 : 1
} finally {
  await threads.stop()
  await server.stop()
}
