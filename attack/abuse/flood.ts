import { Agent } from 'node:https'
import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Door } from './doors.ts'
import type { FloodTask } from './flood-worker.ts'
import { rawRequest } from './raw-request.ts'
import { serverMemory } from './server-memory.ts'
import type { Verdict } from './verdict.ts'

const CONNECTIONS = 200
const FLOOD_MS = 20_000
/** Floods before the one that counts: they fill caches, pools and V8's heap, which stops growing after so many requests and is no leak. */
const WARM_UP_REQUESTS = 50_000
const WARM_UPS_AT_MOST = 4
const PROBE_EVERY_MS = 50
const P99_BELOW_MS = 200
/** What a second flood may add to the memory that the first one left. */
const GROWTH_BELOW_MIB = 64

const percentile = (sorted: number[], share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0)

function startFlood(origin: string, ms: number): Promise<Record<string, number>> {
  const workerData: FloodTask = { origin, connections: CONNECTIONS, ms }
  const worker = new Worker(new URL('./flood-worker.ts', import.meta.url), { workerData })
  return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
}

/** Milliseconds of each GET /health while the flood goes on, on a connection of its own. */
async function probeDuring(origin: string, flood: Promise<unknown>): Promise<{ took: number[]; failed: number }> {
  let over = false
  void flood.finally(() => {
    over = true
  })
  const agent = new Agent({ keepAlive: true })
  const took: number[] = []
  let failed = 0
  while (!over) {
    const began = performance.now()
    const status = await rawRequest(origin, '/health', { agent }).catch(() => 0)
    took.push(performance.now() - began)
    if (status !== 200) failed += 1
    await wait(PROBE_EVERY_MS)
  }
  agent.destroy()
  return { took: took.toSorted((a, b) => a - b), failed }
}

/** By requests and not by time: a machine with much else to do sends fewer in the same time. */
async function warmUp(origin: string): Promise<void> {
  let answered = 0
  for (let floods = 0; answered < WARM_UP_REQUESTS && floods < WARM_UPS_AT_MOST; floods += 1)
    answered += Object.values(await startFlood(origin, FLOOD_MS)).reduce((sum, count) => sum + count, 0)
}

/** Two hundred addresses that guess without pause, each at other accounts: others are still served, and memory stays flat. */
export async function flood(door: Door): Promise<Verdict[]> {
  // The probe wants a machine to itself: whatever else runs on it is measured too.
  const busy = loadavg()[0] ?? 0
  await warmUp(door.origin)
  const before = serverMemory()
  const flooding = startFlood(door.origin, FLOOD_MS)
  const { took, failed } = await probeDuring(door.origin, flooding)
  const counts = await flooding
  const after = serverMemory()
  const statuses = Object.entries(counts).map(([status, count]) => `${status} x ${count}`)
  const [p50, p99] = [percentile(took, 0.5), percentile(took, 0.99)]
  const answered = Object.keys(counts).every((status) => ['401', '429', '503', 'unfinished'].includes(status))
  const grown = before === null || after === null ? null : after - before
  return [
    {
      attack: `${CONNECTIONS} connections, ${FLOOD_MS / 1000} s of sign-ins, ${door.name}`,
      figure: statuses.join(', '),
      held: answered,
    },
    {
      attack: `/health meanwhile, p99 below ${P99_BELOW_MS} ms`,
      figure: `p50 ${p50} ms, p99 ${p99} ms of ${took.length}, ${failed} failed; load ${busy.toFixed(1)} on ${availableParallelism()} cores before`,
      held: p99 < P99_BELOW_MS && failed === 0,
    },
    {
      attack: `memory of the server, growth below ${GROWTH_BELOW_MIB} MiB`,
      figure: grown === null ? 'not known on this system' : `${before} MiB, then ${after} MiB`,
      held: grown === null ? null : grown < GROWTH_BELOW_MIB,
    },
  ]
}
