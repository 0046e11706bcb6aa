import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** What `getconf CLK_TCK` says on every Linux that Node runs on. */
const TICKS_A_SECOND = 100

/** A process and all that it started, and they. */
export function family(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(family)]
}

const sumOver = (pid: number, of: (pid: number) => number) => family(pid).reduce((sum, one) => sum + of(one), 0)

/** Seconds of CPU that a process and its children have used, user and system together. */
export const cpuSeconds = (pid: number) =>
  sumOver(pid, (one) => {
    // The name before them may hold spaces and brackets, so the fields are counted from its end.
    const fields = readFileSync(`/proc/${one}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
  })

/** Bytes of memory that a process and its children hold; what they share counts in each. */
export const memory = (pid: number) =>
  sumOver(pid, (one) => Number(/^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${one}/status`, 'utf8'))?.[1]) * 1024)

if (!existsSync('/proc/self/stat')) throw new Error('These benchmarks read /proc, so they run on Linux alone.')
