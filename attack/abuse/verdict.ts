/** One line of the table. `held` is null where nothing could be tried, and `figure` says why. */
export interface Verdict {
  attack: string
  figure: string
  held: boolean | null
}

/** Prints each verdict as it comes; at the end, whether any attack got through. */
export function openTable(): { add(verdicts: Verdict[]): void; missed(): number } {
  let missed = 0
  return {
    add: (verdicts) => {
      for (const { attack, figure, held } of verdicts) {
        if (held === false) missed += 1
        const word = held === null ? 'left out' : held ? 'held' : 'MISSED'
        process.stdout.write(`${word.padEnd(9)} ${attack.padEnd(58)} ${figure}\n`)
      }
    },
    missed: () => missed,
  }
}

/** `401 x 20, 429 x 80`, in the order of the statuses. */
export function tallied(statuses: (number | string)[]): string {
  const counts = new Map<string, number>()
  for (const status of statuses) counts.set(String(status), (counts.get(String(status)) ?? 0) + 1)
  return [...counts]
    .toSorted()
    .map(([status, count]) => `${status} x ${count}`)
    .join(', ')
}
