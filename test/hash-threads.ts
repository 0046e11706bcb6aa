import type { Worker } from 'node:worker_threads'
import { vi } from 'vitest'
import { log } from '#lib/log'

/** A thread takes a password as soon as it is ready. It has begun with it after this, and at the costs used here not ended. */
export const AT_WORK_MS = 30

/** Every thread that this process starts from now on, and how often the log said that one died under a password. */
export function watchThreads() {
  const threads: Worker[] = []
  const collect = (worker: Worker) => void threads.push(worker)
  process.on('worker', collect)
  const said = vi.spyOn(log, 'error')
  return {
    newest: () => threads.at(-1),
    said: said.mock.calls,
    deaths: () => said.mock.calls.filter(([, message]) => message === 'a hash thread died').length,
    stop: () => void process.off('worker', collect),
  }
}

/** Ends every thread that starts from now on, in the middle of its first password, until told to stop. */
export function endEachAtWork(): () => void {
  const endAtWork = (worker: Worker) =>
    // The first thing that a thread says is that it is ready.
    void worker.once('message', () => setTimeout(() => void worker.terminate(), AT_WORK_MS))
  process.on('worker', endAtWork)
  return () => void process.off('worker', endAtWork)
}
