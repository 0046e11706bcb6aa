/**
 * Loaded into the app by `--import`: at SIGURG, which nothing else here listens to, every thread that is ready for work ends,
 * as when the system takes one away. The app knows nothing of it.
 */
import { isMainThread, type Worker } from 'node:worker_threads'

if (isMainThread) {
  const ready = new Set<Worker>()
  process.on('worker', (worker) => {
    // The first thing that a hash thread says.
    worker.once('message', () => ready.add(worker))
    worker.once('exit', () => ready.delete(worker))
  })
  process.on('SIGURG', () => {
    for (const worker of ready) void worker.terminate()
  })
}
