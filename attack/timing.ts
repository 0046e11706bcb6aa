/**
 * `npm run attack:timing`: does the time of an answer betray who has an account? Calls the routes with real bcrypt and a
 * real database, class by class in turn, and compares each class with unknown addresses by the area under the ROC curve:
 * 0.5 is a coin, 1 tells every time. Then breaks the code on purpose three ways, and must notice each.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'vestibule-timing-'))
Object.assign(process.env, { DATA_DIR: folder, BCRYPT_COST: '10', LIMIT_SCALE: '1000000', LOG_LEVEL: 'silent' })

const { migrate } = await import('#db/migrate')
const { env } = await import('#lib/env')
const { deps } = await import('#lib/deps')
const { addressPools, CLASSES } = await import('./timing/accounts.ts')
const { MUTANTS } = await import('./timing/mutants.ts')
const { auc } = await import('./timing/statistics.ts')
const { ENDPOINTS } = await import('./timing/endpoints.ts')

/** A class whose AUC lies outside tells unknown from known more often than chance allows. */
const FAIR = [0.45, 0.55] as const
const SAMPLES = Number(process.env.ATTACK_SAMPLES ?? 300)

await migrate(env().database)
const app = deps()
const pools = await addressPools(app)

/** Milliseconds of each answer, by class; the classes take turns, so that whatever slows the machine slows all of them. */
async function measure(endpoint: (typeof ENDPOINTS)[number], samples: number): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(CLASSES.map((name) => [name, []]))
  for (let round = -10; round < samples; round += 1) {
    for (const name of CLASSES.toSorted(() => (round % 2 ? -1 : 1))) {
      const email = pools.next(name)
      const began = performance.now()
      const response = await endpoint.send(email)
      const took = performance.now() - began
      if (response.status !== endpoint.status)
        throw new Error(`${endpoint.name} answered ${response.status} for ${name}.`)
      // The first rounds warm caches and compiler.
      if (round >= 0) times.get(name)?.push(took)
    }
  }
  return times
}

const aucs = (times: Map<string, number[]>) =>
  CLASSES.filter((name) => name !== 'unknown').map(
    (name) => [name, auc(times.get('unknown') ?? [], times.get(name) ?? [])] as const,
  )

let failed = 0
const say = (line: string) => process.stdout.write(`${line}\n`)
say(`${SAMPLES} samples of each class, interleaved. AUC against unknown addresses; fair is ${FAIR.join(' to ')}.\n`)
for (const endpoint of ENDPOINTS) {
  const results = aucs(await measure(endpoint, SAMPLES))
  const unfair = results.filter(([, value]) => value < FAIR[0] || value > FAIR[1])
  failed += unfair.length
  say(
    `${unfair.length ? 'FAILED' : 'ok    '} ${endpoint.name.padEnd(24)} ${results.map(([name, value]) => `${name} ${value.toFixed(3)}`).join('   ')}`,
  )
}
say('\nBroken on purpose:')
for (const mutant of MUTANTS) {
  const mend = mutant.apply(app)
  const endpoint = ENDPOINTS.find(({ name }) => name === mutant.endpoint)
  if (!endpoint) throw new Error(`There is no endpoint ${mutant.endpoint}.`)
  const [worst] = aucs(await measure(endpoint, Math.min(SAMPLES, 60))).toSorted(
    ([, a], [, b]) => Math.abs(b - 0.5) - Math.abs(a - 0.5),
  )
  mend()
  const caught = worst !== undefined && (worst[1] < FAIR[0] || worst[1] > FAIR[1])
  if (!caught) failed += 1
  say(`${caught ? 'caught' : 'MISSED'} ${mutant.name.padEnd(36)} ${worst?.[0]} ${worst?.[1].toFixed(3)}`)
}
await app.close()
rmSync(folder, { recursive: true })
process.exitCode = failed === 0 ? 0 : 1
