/** The value below which `share` of all lie. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  return mean(middle)
}

export const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Three figures that matter, thousands apart: 14,800 or 6.83 or 0.412. */
export function figure(value: number): string {
  if (Number.isNaN(value)) return '-'
  if (value >= 100) return Math.round(value).toLocaleString('en-US')
  return value.toPrecision(3)
}

/** The median of several turns, and between which two the rest lay. */
export const withSpread = (values: number[]) =>
  `${figure(median(values))} (${figure(Math.min(...values))} to ${figure(Math.max(...values))})`

/** Turn by turn: what the machine did to one turn, it did to the other of the same round too. */
export const ratios = (ours: number[], theirs: number[]) =>
  ours.map((value, round) => value / (theirs[round] ?? Number.NaN))
