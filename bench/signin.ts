/**
 * Is bcrypt all that a sign-in costs, and does nothing else wait for it? In one run, turn by turn, so that both meet the
 * same machine: bare bcryptjs in as many threads as there are cores, and clients that sign in without pause.
 */
import { availableParallelism } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { startServer } from '../e2e/start-server.ts'
import { type Account, createAccount, post } from './accounts.ts'
import type { BareTask } from './bare-bcrypt.ts'

const CLIENTS = 8
const ROUNDS = 8
const ROUND_MS = 4_000
const COST = 12
const PROBE_EVERY_MS = 20
const MEDIAN_BELOW_MS = 20
const RATIO_FROM = 0.85

const threads = availableParallelism()
const workers = Array.from({ length: threads }, () => new Worker(new URL('./bare-bcrypt.ts', import.meta.url)))

/** Comparisons a second of all threads together. */
async function bareBcrypt(ms: number): Promise<number> {
  const rates = workers.map((worker) => {
    const rate = new Promise<number>((resolve) => worker.once('message', resolve))
    worker.postMessage({ ms, cost: COST } satisfies BareTask)
    return rate
  })
  return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0)
}

/** Sign-ins a second. Every one that was begun is waited for and counted, so neither end of the round is cut. */
async function signIns(origin: string, accounts: Account[], ms: number): Promise<number> {
  const began = performance.now()
  let done = 0
  const client = async (account: Account) => {
    while (performance.now() - began < ms) {
      await post(origin, '/auth/signin', account, 200)
      done++
    }
  }
  await Promise.all(accounts.map(client))
  return (done * 1000) / (performance.now() - began)
}

/** Milliseconds that each GET /health took while `work` went on. */
async function probeDuring(origin: string, work: Promise<unknown>): Promise<number[]> {
  const took: number[] = []
  let working = true
  const stop = () => {
    working = false
  }
  work.then(stop, stop)
  while (working) {
    const began = performance.now()
    const response = await fetch(`${origin}/health`)
    await response.text()
    if (!response.ok) throw new Error(`GET /health answered ${response.status}.`)
    took.push(performance.now() - began)
    await wait(PROBE_EVERY_MS)
  }
  return took
}

function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
const latency = (values: number[]) =>
  `median ${percentile(values, 0.5).toFixed(1)} ms, p99 ${percentile(values, 0.99).toFixed(1)} ms (${values.length} requests)`

async function measure(origin: string) {
  const accounts: Account[] = []
  for (let n = 1; n <= CLIENTS; n++) accounts.push(await createAccount(origin, `client${n}`))
  // One short turn of each, so that neither is measured cold.
  await bareBcrypt(1_000)
  await signIns(origin, accounts, 1_000)
  const idle = await probeDuring(origin, wait(3_000))
  const bare: number[] = []
  const signedIn: number[] = []
  const loaded: number[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    bare.push(await bareBcrypt(ROUND_MS))
    const load = signIns(origin, accounts, ROUND_MS)
    loaded.push(...(await probeDuring(origin, load)))
    signedIn.push(await load)
    console.log(`  round ${round}: bare ${bare.at(-1)?.toFixed(2)}/s, sign-ins ${signedIn.at(-1)?.toFixed(2)}/s`)
  }
  return { idle, loaded, bare: mean(bare), signedIn: mean(signedIn) }
}

console.log(
  `bcrypt at cost ${COST}, ${threads} threads, ${CLIENTS} clients, ${ROUNDS} rounds of ${ROUND_MS / 1000} s each`,
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
  await Promise.all(workers.map((worker) => worker.terminate()))
  await server.stop()
}
