import type { AppProcess } from '../crash/app-process.ts'

/** How many requests of this path each instance has answered so far, as its own log says at `debug`. */
const answeredBy = (instance: AppProcess, path: string) =>
  instance
    .log()
    .split('\n')
    .filter((line) => line.includes(`"path":"${path}"`)).length

/** `21/19/20`: which instance answered how many. A limit that holds on one instance alone would prove nothing. */
export function spreadOf(instances: AppProcess[], path: string): { text: string; even: boolean } {
  const counts = instances.map((instance) => answeredBy(instance, path))
  return { text: counts.join('/'), even: Math.min(...counts) > 0 }
}
