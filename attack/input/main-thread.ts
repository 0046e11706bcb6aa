import { readFileSync } from 'node:fs'

/** Linux counts a thread's time in hundredths of a second, whatever the kernel ticks by (proc(5), USER_HZ). */
const MILLISECONDS_PER_TICK = 10

/**
 * Milliseconds of CPU that the main thread of a process has taken so far, as Linux counts them; null elsewhere. Threads that
 * hash are not in it.
 */
export function mainThreadWork(pid: number): number | null {
  try {
    // After the name, which may hold anything but ends with the last bracket: fields 3 and on, of which 14 and 15 are the times.
    const fields = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8')
      .replace(/^.*\) /su, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * MILLISECONDS_PER_TICK
  } catch {
    return null
  }
}
