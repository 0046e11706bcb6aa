import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { family } from './processes.ts'

/** Short, so that a process that has used its share up is never away for long: 10 ms. */
const PERIOD_US = 10_000

type Setting = [file: string, value: string]

/** Where Linux keeps control groups of CPU, and what limits one: cgroup-v1/sched-bwc and cgroup-v2 of its documentation. */
const KINDS = [
  {
    root: '/sys/fs/cgroup/cpu',
    limit: (quota: number): Setting[] => [
      ['cpu.cfs_period_us', `${PERIOD_US}`],
      ['cpu.cfs_quota_us', `${quota}`],
    ],
  },
  { root: '/sys/fs/cgroup', limit: (quota: number): Setting[] => [['cpu.max', `${quota} ${PERIOD_US}`]] },
]

/** Undoes it. */
export type LetGo = () => void

/**
 * Holds each serving process of a server, all threads of it together, to `share` of a core. The process that only watches over
 * others shares with the first of them, so that several get no more than their number. Null where this is not allowed: it
 * takes Linux, root and control groups of CPU.
 */
export function holdToShare(pid: number, share: number): LetGo | null {
  const kind = KINDS.find(({ root }) => existsSync(join(root, 'cgroup.procs')))
  if (!kind) return null
  const [first = pid, ...others] = family(pid)
  const [next, ...rest] = others
  const groups = [next === undefined ? [first] : [first, next], ...rest.map((one) => [one])]
  const made: string[] = []
  const letGo = () => {
    for (const each of family(pid)) writeFileSync(join(kind.root, 'cgroup.procs'), `${each}`)
    for (const folder of made.splice(0)) rmdirSync(folder)
  }
  try {
    for (const [n, processes] of groups.entries()) {
      const folder = join(kind.root, `vestibule-bench-${pid}-${n}`)
      mkdirSync(folder)
      made.push(folder)
      for (const [file, value] of kind.limit(share * PERIOD_US)) writeFileSync(join(folder, file), value)
      for (const each of processes) writeFileSync(join(folder, 'cgroup.procs'), `${each}`)
    }
    return letGo
  } catch {
    letGo()
    return null
  }
}
