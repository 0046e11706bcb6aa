import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { BareTask } from './bare-bcrypt.ts'

/** bcryptjs in as many threads as there are cores, and nothing beside it: the most that this machine can do. */
export function startBareThreads(cost: number) {
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL('./bare-bcrypt.ts', import.meta.url)),
  )
  return {
    /** Comparisons a second of all threads together. */
    async rate(ms: number): Promise<number> {
      const rates = workers.map((worker) => {
        const rate = new Promise<number>((resolve) => worker.once('message', resolve))
        worker.postMessage({ ms, cost } satisfies BareTask)
        return rate
      })
      return (await Promise.all(rates)).reduce((sum, rate) => sum + rate, 0)
    },
    stop: () => Promise.all(workers.map((worker) => worker.terminate())),
  }
}
