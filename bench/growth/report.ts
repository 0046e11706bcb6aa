import type { Measured } from './measure.ts'
import { VERB_ALONE } from './operations.ts'
import { rowsOf, TABLES } from './rows.ts'

type Results = Record<string, Measured>

/** Milliseconds of one act of one database, by size. */
const lines = (results: Results) =>
  Object.entries(results).flatMap(([kind, { medians }]) =>
    Object.entries(medians).map(([act, times]) => ({ kind, act, name: `${kind}: ${act}`, times })),
  )

const lastToFirst = (times: number[]) => (times.at(-1) ?? Number.NaN) / (times[0] ?? Number.NaN)
const total = (bytes: Record<string, number>) => Object.values(bytes).reduce((sum, each) => sum + each, 0)

/** Of all that a caller waits for: the verb alone is a part of it. */
export function worstRatio(results: Results) {
  const acts = lines(results).filter(({ act }) => act !== VERB_ALONE)
  const ratios = acts.map(({ name, times }) => ({ name, ratio: lastToFirst(times) }))
  return ratios.reduce((worst, each) => (each.ratio > worst.ratio ? each : worst))
}

export const rows = (results: Results) =>
  lines(results).map(({ name, times }) => [
    name,
    ...times.map((time) => `${time.toFixed(2)} ms`),
    lastToFirst(times).toFixed(2),
  ])

/** Bytes a row of each table with its indexes, at the largest size: what every further session or event will take. */
function perRow(bytes: Record<string, number>, size: number): string {
  const byTable = TABLES.map((table) => {
    const own = Object.entries(bytes).filter(([name]) => name.replace('sqlite_autoindex_', '').startsWith(table.name))
    return { name: table.name, bytes: own.reduce((sum, [, each]) => sum + each, 0) / rowsOf(table, size) }
  })
  return byTable
    .slice(0, 4)
    .map(({ name, bytes }) => `${name} ${Math.round(bytes)}`)
    .join(', ')
}

export function findings(results: Results, sizes: number[]): string[] {
  return Object.entries(results).map(([kind, { bytes }]) => {
    const each = bytes.map((ofSize, n) => Math.round(total(ofSize) / (sizes[n] ?? 0)))
    const largest = bytes.at(-1) ?? {}
    const names = Object.entries(largest)
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, 4)
      .map(([name, size]) => `\`${name}\` ${Math.round((100 * size) / total(largest))} %`)
    return `${kind}: ${each.join(', ')} bytes an account at the sizes in turn. Largest: ${names.join(', ')}. Bytes a row, with its indexes: ${perRow(largest, sizes.at(-1) ?? 0)}.`
  })
}

/** Each act beside what it takes at the smallest size. */
export function plot(results: Results, sizes: number[]) {
  const series = lines(results).map(({ kind, name, times }) => ({
    name,
    type: 'line' as const,
    lineStyle: { type: kind === 'SQLite' ? ('solid' as const) : ('dashed' as const) },
    data: times.map((time) => Number((time / (times[0] ?? 1)).toFixed(3))),
  }))
  return {
    alt: 'Time of each act by number of accounts, relative to the smallest number',
    width: 860,
    option: {
      legend: { orient: 'vertical' as const, right: 10, top: 'middle' as const },
      grid: { left: 60, right: 270, top: 40, bottom: 50 },
      xAxis: {
        type: 'category' as const,
        name: 'accounts',
        nameLocation: 'middle' as const,
        nameGap: 30,
        data: sizes.map((size) => size.toLocaleString('en')),
      },
      yAxis: { type: 'value' as const, name: 'times the smallest', min: 0, max: 2 },
      series,
    },
  }
}
