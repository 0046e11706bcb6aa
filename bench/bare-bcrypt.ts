/** A worker thread that compares passwords with bcryptjs and does nothing else: the most that this machine can do. */
import { parentPort } from 'node:worker_threads'
import { compareSync, hashSync } from 'bcryptjs'

/** How long to compare, in milliseconds, and at what cost. */
export interface BareTask {
  ms: number
  cost: number
}

let hash: string | undefined

parentPort?.on('message', ({ ms, cost }: BareTask) => {
  hash ??= hashSync('correct horse battery staple', cost)
  const began = performance.now()
  let compared = 0
  while (performance.now() - began < ms) {
    compareSync('correct horse battery staple', hash)
    compared++
  }
  parentPort?.postMessage((compared * 1000) / (performance.now() - began))
})
