/**
 * Does a second process bring a second core's worth? One process beside two, turn by turn. The load generator needs a core
 * of its own for the cheapest requests, so each turn says how much it took, and a ratio is held to its target only where
 * that left room for two. About two minutes; `--short` is a trial of one.
 */
import { availableParallelism } from 'node:os'
import { load, type Turn } from './load.ts'
import type { Contestant } from './peer/contestant.ts'
import { startVestibule } from './peer/vestibule.ts'
import { publish } from './report/publish.ts'
import { figure, median, ratios, withSpread } from './statistics.ts'
import { rateOf } from './storm.ts'
import { judge } from './targets.ts'

const short = process.argv.includes('--short')
const ROUNDS = short ? 2 : 4
const SECONDS = short ? 2 : 4
const CLIENTS = 8
const RATIO_FROM = 1.8
/** Below this, not even a perfect second process could reach the target with some air. */
const ROOM_FROM = 1.9
const CORES = availableParallelism()

/** What one process and two did, a turn each round. */
interface Pair {
  name: string
  one: Turn[]
  two: Turn[]
}

async function people(server: Contestant) {
  const accounts = await Promise.all(Array.from({ length: CLIENTS }, (_, n) => server.createAccount(`client${n}`)))
  const cookies = await Promise.all(accounts.map((account) => server.signIn(account)))
  const signIns = accounts.map((account) => () => server.signIn(account))
  return { server, cookies, signIns }
}

type People = Awaited<ReturnType<typeof people>>

const pairOf = (name: string): Pair => ({ name, one: [], two: [] })
const rates = (turns: Turn[]) => turns.map(({ perSecond }) => perSecond)
const mostOf = (turns: Turn[], of: 'generatorCores' | 'serverCores') => median(turns.map((turn) => turn[of]))

/** How many times one process's rate two could reach at most, on the cores that the generator leaves. */
const room = ({ one, two }: Pair) => (CORES - mostOf(two, 'generatorCores')) / Math.max(1, mostOf(one, 'serverCores'))

async function measure(one: People, two: People) {
  const [page, check] = [pairOf('Sign-in page, rendered by Next'), pairOf('Session check')]
  const signIns = { one: [] as number[], two: [] as number[] }
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [key, { server, cookies, signIns: calls }] of [['one', one] as const, ['two', two] as const]) {
      // As a stranger: whoever is signed in is sent on.
      const rendered = await load(server, '/signin', [''], { seconds: SECONDS })
      const checked = await load(server, server.sessionPath, cookies, { seconds: SECONDS })
      const signedIn = await rateOf(calls, SECONDS * 1000)
      // The first round warms up: code that has just been loaded is compiled while it runs.
      if (round === 0) continue
      page[key].push(rendered)
      check[key].push(checked)
      signIns[key].push(signedIn)
    }
  }
  return { pairs: [page, check], signIns }
}

const row = ({ name, one, two }: Pair) => [
  name,
  withSpread(rates(one)),
  withSpread(rates(two)),
  withSpread(ratios(rates(two), rates(one))),
  figure(mostOf(one, 'serverCores')),
  figure(mostOf(two, 'serverCores')),
  figure(mostOf(two, 'generatorCores')),
]

function finding(pair: Pair): string[] {
  const ratio = median(ratios(rates(pair.two), rates(pair.one)))
  if (room(pair) >= ROOM_FROM)
    return judge([{ what: `${pair.name}, two processes beside one`, value: ratio, atLeast: RATIO_FROM }])
  const cost = median(
    ratios(
      pair.two.map((turn) => turn.perCpuSecond),
      pair.one.map((turn) => turn.perCpuSecond),
    ),
  )
  return [
    `${pair.name}: this machine cannot show it. With the generator at work, two processes could reach ${figure(room(pair))} times one at most, and reached ${figure(ratio)}. For each second of CPU, two answered ${figure(cost)} times what one did: what is left of a second core if nothing else takes it.`,
  ]
}

const HEAD = ['', 'one process, /s', 'two, /s', 'ratio', 'cores one took', 'cores two took', 'cores the generator took']

const running: Contestant[] = []
try {
  for (const workers of ['1', '2']) running.push(await startVestibule(`WORKERS=${workers}`, { WORKERS: workers }))
  const [one, two] = (await Promise.all(running.map(people))) as [People, People]
  const { pairs, signIns } = await measure(one, two)
  const rows = pairs.map(row)
  rows.push([
    'Sign-in',
    withSpread(signIns.one),
    withSpread(signIns.two),
    withSpread(ratios(signIns.two, signIns.one)),
    '-',
    '-',
    '-',
  ])
  const findings = [
    ...pairs.flatMap(finding),
    'Sign-in: one process already hashes on every core, so a second one has nothing to add.',
    `${ROUNDS} rounds of ${SECONDS} s for each in turn on ${CORES} cores; medians, lowest to highest. There is room where the generator leaves ${ROOM_FROM} times the cores that one process takes.`,
  ]
  for (const cells of rows) console.log(cells.map((cell, n) => `  ${HEAD[n]} ${cell}`).join('\n'))
  console.log(findings.map((line) => `  ${line}`).join('\n'))
  if (!short) publish({ id: 'cores', command: 'npm run bench:cores', head: HEAD, rows, findings })
} finally {
  for (const server of running) await server.stop()
}
