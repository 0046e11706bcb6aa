import { compare, hash } from 'bcryptjs'

// Runs in a thread of the pool, started by Node straight from this file: bcryptjs and nothing else.

export type HashTask = { kind: 'hash'; prepared: string; cost: number }
export type CompareTask = { kind: 'compare'; prepared: string; bcryptHash: string }

export default function work(task: HashTask | CompareTask): Promise<string | boolean> {
  return task.kind === 'hash' ? hash(task.prepared, task.cost) : compare(task.prepared, task.bcryptHash)
}
