import { join } from 'node:path'
import type { CpuProfile } from '../inspector.ts'

const ROOT = join(import.meta.dirname, '../..')

export interface OwnTimes {
  /** Of the whole time, what the thread did not wait. */
  busy: number
  /** Microseconds that each function took itself, without what it called. */
  functions: { what: string; place: string; microseconds: number }[]
}

/** Where a function is from, as far as a reader can do something about it: a package, a folder of ours, Node, the engine. */
function placeOf(url: string, functionName: string): string {
  if (functionName === '(garbage collector)') return 'collecting garbage'
  if (functionName === '(program)') return 'native code (sockets, SQLite, hashes)'
  const packaged = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(url)?.[1]
  if (packaged) return packaged
  if (url.startsWith('node:')) return /^node:(?:internal\/)?([a-z_]+)/u.exec(url)?.[0] ?? 'node'
  if (url.includes('.next/')) return 'the build of Next'
  const own = decodeURI(url).split(`${ROOT}/`)[1]
  return own ? own : 'native code (sockets, SQLite, hashes)'
}

export function ownTimes({ nodes, samples, timeDeltas }: CpuProfile): OwnTimes {
  const took = new Map<number, number>()
  for (const [index, id] of samples.entries()) took.set(id, (took.get(id) ?? 0) + (timeDeltas[index] ?? 0))
  const functions = nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
    const place = placeOf(url, functionName)
    const what = `${functionName || '(anonymous)'} in ${place}${url ? `:${lineNumber + 1}` : ''}`
    return { what, place, idle: functionName === '(idle)', microseconds: took.get(id) ?? 0 }
  })
  const sum = (some: typeof functions) => some.reduce((total, { microseconds }) => total + microseconds, 0)
  const working = functions.filter(({ idle }) => !idle)
  return { busy: sum(working) / sum(functions), functions: working }
}

/** Shares of the working time, the largest first. */
export function largestCosts({ functions }: OwnTimes, by: 'place' | 'function'): { what: string; share: number }[] {
  const sums = new Map<string, number>()
  let total = 0
  for (const { what, place, microseconds } of functions) {
    const key = by === 'place' ? place : what
    sums.set(key, (sums.get(key) ?? 0) + microseconds)
    total += microseconds
  }
  return [...sums].map(([what, spent]) => ({ what, share: spent / total })).sort((a, b) => b.share - a.share)
}
