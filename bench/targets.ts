import { figure } from './statistics.ts'

/** A figure that was to be reached. `unit` is written behind both numbers. */
export interface Target {
  what: string
  value: number
  atLeast?: number
  atMost?: number
  unit?: string
}

const isMet = ({ value, atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY }: Target) =>
  value >= atLeast && value <= atMost

function sentence(target: Target): string {
  const { what, value, atLeast, atMost, unit = '' } = target
  const bound = atLeast === undefined ? `at most ${figure(atMost ?? Number.NaN)}` : `at least ${figure(atLeast)}`
  return `${what}: ${figure(value)}${unit}; ${bound}${unit} was to be reached: ${isMet(target) ? 'met' : '**missed**'}.`
}

/** Each as a sentence; a miss makes the command fail. */
export function judge(targets: Target[]): string[] {
  if (!targets.every(isMet)) process.exitCode = 1
  return targets.map(sentence)
}
