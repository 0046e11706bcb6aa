import { constants, getPriority, setPriority } from 'node:os'
import { compare, hash } from 'bcryptjs'

// Runs in a thread of the pool, started by Node straight from this file: bcryptjs and nothing else.

export type HashTask = { kind: 'hash'; prepared: string; cost: number }
export type CompareTask = { kind: 'compare'; prepared: string; bcryptHash: string }

/** Of one core that both want, a thread that answers gets three quarters and one that hashes a quarter (sched(7), nice values). */
const NICER_BY = 5

/** Linux knows a priority for each thread; elsewhere this would lower the whole process. */
function yieldToAnswers(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + NICER_BY))
  } catch {
    // A sandbox may forbid it. Then all threads are alike, as elsewhere.
  }
}

yieldToAnswers()

export default function work(task: HashTask | CompareTask): Promise<string | boolean> {
  return task.kind === 'hash' ? hash(task.prepared, task.cost) : compare(task.prepared, task.bcryptHash)
}
