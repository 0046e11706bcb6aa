import path from 'node:path'
import { Piscina } from 'piscina'
import { HASH_RETRY_AFTER_SECONDS } from '../auth/policy.ts'
import { type FailureOf, fail, ok, type Result } from '../auth/result.ts'
import { log } from '../log.ts'
import type { CompareTask, HashTask } from './worker.ts'

export interface HashThreads {
  /** `busy` when no more tasks may wait, or when the thread died twice under this one. Rejects once the threads are closed. */
  run<T>(task: HashTask | CompareTask): Promise<Result<T, FailureOf<'busy'>>>
  /** How many tasks wait for a thread. */
  waiting(): number
  /** Ends at once: what still waits is failed. */
  close(): Promise<void>
}

export const busy = fail({ code: 'busy', retryAfter: HASH_RETRY_AFTER_SECONDS } as const)

/** How long no thread may be left before all are started anew. Where none can start, it is tried no more often than this. */
const RENEW_AFTER_MS = 1_000

// Piscina names these two in its messages only.
const isQueueFull = (error: Error) => /queue is at limit/iu.test(error.message)
const hasExited = (error: Error) => /worker exited with code/iu.test(error.message)
/** The third is of a task that waited for threads of which none is left. */
const isThreadDeath = (error: Error & { code?: unknown }) =>
  hasExited(error) || String(error.code).startsWith('ERR_WORKER_') || error.name === 'AbortError'

/** This many threads, before which at most `queue` tasks wait. One that dies is replaced, and what it had is done by another. */
export function startHashThreads(threads: number, queue: number): HashThreads {
  let closed = false
  const start = () => {
    const started = new Piscina({
      filename: path.join(process.cwd(), 'lib', 'passwords', 'worker.ts'),
      minThreads: threads,
      maxThreads: threads,
      maxQueue: queue,
    })
    // One that fails without a task, such as while it starts. Unheard, it would end the process.
    started.on('error', (err) => log.error({ err }, 'a hash thread failed'))
    started.on('workerDestroy', () => setTimeout(renew, RENEW_AFTER_MS, started).unref())
    return started
  }
  // Piscina starts no other for one that dies while it starts; once its queue is full as well, it never would again.
  const renew = (dead: Piscina) => {
    if (closed || dead !== pool || dead.threads.length > 0) return
    pool = start()
    void dead.close({ force: true })
  }
  let pool = start()
  const run = async <T>(task: HashTask | CompareTask, again = true): Promise<Result<T, FailureOf<'busy'>>> => {
    try {
      return ok((await pool.run(task)) as T)
    } catch (error) {
      if (!(error instanceof Error) || closed) throw error
      if (isQueueFull(error)) return busy
      if (!isThreadDeath(error)) throw error
      log.error({ err: error, again }, 'a hash thread died')
      return again ? run<T>(task, false) : busy
    }
  }
  return {
    run: (task) => run(task),
    waiting: () => pool.queueSize,
    close: () => {
      closed = true
      return pool.close({ force: true })
    },
  }
}
