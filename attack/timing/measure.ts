/**
 * What `npm run attack:timing` runs once for each database, the one of DATABASE_URL: every door with real bcrypt, then the
 * code broken on purpose. ATTACK_SAMPLES is how many answers of each class it takes.
 */
import { randomInt } from 'node:crypto'
import { migrate } from '#db/migrate'
import { deps } from '#lib/deps'
import { env } from '#lib/env'
import { addressSeries, CLASSES, type Class } from './accounts.ts'
import { ENDPOINTS } from './endpoints.ts'
import { MUTANTS } from './mutants.ts'
import { auc } from './statistics.ts'

/** A class whose AUC lies outside tells unknown from known more often than chance allows. */
const FAIR = [0.45, 0.55] as const
const SAMPLES = Number(process.env.ATTACK_SAMPLES ?? 300)
/** What is broken on purpose shows with far fewer. */
const SAMPLES_OF_MUTANTS = Math.min(SAMPLES, 60)
/** The first rounds warm caches and compiler, and do not count. */
const WARM_UP = 10

type Endpoint = (typeof ENDPOINTS)[number]

/** In an order of chance: what comes after what slows the one that comes after. */
function shuffled<T>(items: readonly T[]): T[] {
  const rest = [...items]
  return items.flatMap(() => rest.splice(randomInt(rest.length), 1))
}

/** Milliseconds of each answer, by class; the classes take turns, so that whatever slows the machine slows all of them. */
async function measure(endpoint: Endpoint, samples: number): Promise<Record<Class, number[]>> {
  const times: Record<Class, number[]> = { unknown: [], pending: [], verified: [], disabled: [] }
  const series = await addressSeries(app, WARM_UP + samples)
  for (let round = -WARM_UP; round < samples; round += 1) {
    const addresses = await series.next()
    for (const name of shuffled(CLASSES)) {
      const began = performance.now()
      const response = await endpoint.send(addresses[name])
      const took = performance.now() - began
      if (response.status !== endpoint.status)
        throw new Error(`${endpoint.name} answered ${response.status} for ${name}.`)
      if (round >= 0) times[name].push(took)
    }
  }
  return times
}

const isFair = (value: number) => value >= FAIR[0] && value <= FAIR[1]

const aucs = (times: Record<Class, number[]>) =>
  CLASSES.filter((name) => name !== 'unknown').map((name) => [name, auc(times.unknown, times[name])] as const)

const say = (line: string) => process.stdout.write(`${line}\n`)

const { database } = env()
await migrate(database)
const app = deps()
let failed = 0
say(`\n${database.kind === 'sqlite' ? 'SQLite' : 'Postgres'}: ${SAMPLES} samples of each class, interleaved.`)
for (const endpoint of ENDPOINTS) {
  const results = aucs(await measure(endpoint, SAMPLES))
  const unfair = results.filter(([, value]) => !isFair(value))
  failed += unfair.length
  const figures = results.map(([name, value]) => `${name} ${value.toFixed(3)}`).join('   ')
  say(`${unfair.length ? 'FAILED' : 'ok    '} ${endpoint.name.padEnd(24)} ${figures}`)
}
say('Broken on purpose:')
for (const mutant of MUTANTS) {
  const endpoint = ENDPOINTS.find(({ name }) => name === mutant.endpoint)
  if (!endpoint) throw new Error(`There is no endpoint ${mutant.endpoint}.`)
  const mend = mutant.apply(app)
  const [worst] = aucs(await measure(endpoint, SAMPLES_OF_MUTANTS)).toSorted(
    ([, a], [, b]) => Math.abs(b - 0.5) - Math.abs(a - 0.5),
  )
  mend()
  const caught = worst !== undefined && !isFair(worst[1])
  if (!caught) failed += 1
  say(`${caught ? 'caught' : 'MISSED'} ${mutant.name.padEnd(36)} ${worst?.[0]} ${worst?.[1].toFixed(3)}`)
}
await app.close()
process.exitCode = failed === 0 ? 0 : 1
