import { Agent } from 'node:https'
import { parentPort, workerData } from 'node:worker_threads'
import { hostileSignin, rawRequest } from './raw-request.ts'

/** What one flood is told. A thread of its own, so that whoever times /health is not held up by sending this. */
export interface FloodTask {
  origin: string
  connections: number
  ms: number
}

const { origin, connections, ms } = workerData as FloodTask
const until = performance.now() + ms
const counts: Record<string, number> = {}

const agents = Array.from({ length: connections }, () => new Agent({ keepAlive: true, maxSockets: 1 }))

/** One connection from an address of its own, which asks again as soon as it is answered. */
async function attacker(agent: Agent, index: number): Promise<void> {
  const from = { agent, localAddress: `127.0.${1 + Math.floor(index / 200)}.${1 + (index % 200)}` }
  for (let n = 0; performance.now() < until; n += 1) {
    const sent = { ...hostileSignin(`flood${index}-${n}@example.com`), ...from }
    const status = await rawRequest(origin, '/auth/signin', sent).catch((error: NodeJS.ErrnoException) => error.code)
    const outcome = performance.now() < until ? String(status) : 'unfinished'
    counts[outcome] = (counts[outcome] ?? 0) + 1
  }
}

// Whoever still waits for a hash when the time is over is cut off, as attackers do.
setTimeout(() => {
  for (const agent of agents) agent.destroy()
}, ms)
await Promise.all(agents.map(attacker))
parentPort?.postMessage(counts)
