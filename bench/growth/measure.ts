/** One kind of database, which DATABASE_URL names, at every size: fills them, goes round all of them, and tells its parent. */
import { closeSync, fsyncSync, openSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { DatabaseLocation } from '../../db/client.ts'
import { grownApp } from './app.ts'
import { createDatabase, fillPostgres, sizesPostgres } from './fill-postgres.ts'
import { fillSqlite, sizesSqlite } from './fill-sqlite.ts'
import { type Grown, OPERATIONS } from './operations.ts'
import { percentile } from './percentile.ts'
import { startApi } from './start-api.ts'
import { warm } from './warm.ts'

/** What an account takes with its indexes, generously: a full disk would end the machine's other work too. */
const BYTES_PER_ACCOUNT = 1_600

export interface Measured {
  /** Milliseconds, by operation, in the order of the sizes. */
  medians: Record<string, number[]>
  /** Bytes by table or index, in the order of the sizes. */
  bytes: Record<string, number>[]
}

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '' },
    rounds: { type: 'string', default: '' },
    folder: { type: 'string', default: '' },
  },
})
const sizes = values.sizes.split(',').map(Number)
const rounds = Number(values.rounds)
const adminUrl = process.env.DATABASE_URL ?? ''
const postgres = adminUrl.startsWith('postgres')

async function fill(size: number): Promise<DatabaseLocation> {
  const { bavail, bsize } = statfsSync(values.folder)
  if (bavail * bsize < size * BYTES_PER_ACCOUNT * 1.5) throw new Error(`The disk is too small for ${size} accounts.`)
  const began = performance.now()
  const say = (what: string) =>
    console.log(`  ${size} accounts: ${what}, ${((performance.now() - began) / 1000).toFixed(0)} s`)
  if (postgres) {
    const url = await createDatabase(adminUrl, `growth_${size}`)
    await fillPostgres(url, size, say)
    return { kind: 'postgres', url }
  }
  const file = join(values.folder, `growth-${size}.db`)
  await fillSqlite(file, size, say)
  const written = openSync(file, 'r')
  fsyncSync(written)
  closeSync(written)
  return { kind: 'sqlite', file }
}

const sizesOf = (location: DatabaseLocation) =>
  location.kind === 'sqlite' ? sizesSqlite(location.file) : sizesPostgres(location.url)

async function open(size: number): Promise<Grown> {
  const location = await fill(size)
  const app = grownApp(location)
  // Waiting for the disk takes equally long at every size and would only hide growth. Postgres here does not wait either.
  if (!postgres) await app.db.execute('PRAGMA synchronous = OFF')
  return { size, location, app, api: await startApi(location) }
}

/** Every operation at every size in turn, the sizes in changing order, so that all meet the same machine. */
async function goRound(all: Grown[]): Promise<Measured['medians']> {
  const took = Object.fromEntries(Object.keys(OPERATIONS).map((name) => [name, all.map((): number[] => [])]))
  for (let round = -Math.ceil(rounds / 5); round < rounds; round++) {
    for (const [name, operation] of Object.entries(OPERATIONS)) {
      for (const grown of round % 2 ? all : all.toReversed()) {
        const measured = await operation(grown)
        const began = performance.now()
        await measured()
        // The first rounds warm caches and compiler.
        if (round >= 0) took[name]?.[all.indexOf(grown)]?.push(performance.now() - began)
      }
    }
  }
  return Object.fromEntries(
    Object.entries(took).map(([name, bySize]) => [name, bySize.map((times) => percentile(times, 0.5))]),
  )
}

const all: Grown[] = []
const bytes: Measured['bytes'] = []
try {
  for (const size of sizes) {
    const grown = await open(size)
    all.push(grown)
    bytes.push(Object.fromEntries(await sizesOf(grown.location)))
  }
  for (const grown of all) await warm(grown)
  console.log(`  going round, ${rounds} times`)
  process.send?.({ medians: await goRound(all), bytes } satisfies Measured)
} finally {
  for (const { app, api, location } of all) {
    await api.stop()
    await app.db.close()
    if (location.kind === 'sqlite') rmSync(location.file, { force: true })
  }
}
