/**
 * Does a second process bring as much as the first? One process beside two, turn by turn. The load generator needs up to a
 * core of its own, so on few cores each process is held to a share of one. Each turn says how much the generator took, and a
 * ratio is held to its target only where that left room for two. About two minutes; `--short` is a trial of one.
 */
import { availableParallelism } from 'node:os'
import { holdToShare, type LetGo } from './cpu-share.ts'
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
/** Two processes and the generator have a core each from here on, and one is left for all else. */
const SHARE = CORES < 4 ? 0.4 : 1

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
const room = ({ one, two }: Pair) =>
  (CORES - mostOf(two, 'generatorCores')) / Math.max(share, mostOf(one, 'serverCores'))

type Both = [one: People, two: People]

async function measureSignIns([one, two]: Both) {
  const signIns = { one: [] as number[], two: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    signIns.one.push(await rateOf(one.signIns, SECONDS * 1000))
    signIns.two.push(await rateOf(two.signIns, SECONDS * 1000))
  }
  return signIns
}

async function measure([one, two]: Both): Promise<Pair[]> {
  const [page, check] = [pairOf('Sign-in page, rendered by Next'), pairOf('Session check')]
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [key, { server, cookies }] of [['one', one] as const, ['two', two] as const]) {
      // As a stranger: whoever is signed in is sent on.
      const rendered = await load(server, '/signin', [''], { seconds: SECONDS })
      const checked = await load(server, server.sessionPath, cookies, { seconds: SECONDS })
      // The first round warms up: code that has just been loaded is compiled while it runs.
      if (round === 0) continue
      page[key].push(rendered)
      check[key].push(checked)
    }
  }
  return [page, check]
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
const held: LetGo[] = []
let share = 1
/** All of them or none. */
function hold(): void {
  if (SHARE === 1) return
  for (const { pid } of running) {
    const letGo = holdToShare(pid, SHARE)
    if (letGo) held.push(letGo)
  }
  if (held.length === running.length) share = SHARE
  else for (const letGo of held.splice(0)) letGo()
}

try {
  for (const workers of ['1', '2']) running.push(await startVestibule(`WORKERS=${workers}`, { WORKERS: workers }))
  const both = (await Promise.all(running.map(people))) as Both
  const signIns = await measureSignIns(both)
  hold()
  const pairs = await measure(both)
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
    ...(share < 1
      ? [
          `For pages and checks, each serving process was held to ${share} of a core by a control group, so that two and the generator had room.`,
        ]
      : []),
  ]
  for (const cells of rows) console.log(cells.map((cell, n) => `  ${HEAD[n]} ${cell}`).join('\n'))
  console.log(findings.map((line) => `  ${line}`).join('\n'))
  if (!short) publish({ id: 'cores', command: 'npm run bench:cores', head: HEAD, rows, findings })
} finally {
  for (const letGo of held) letGo()
  for (const server of running) await server.stop()
}
