/**
 * Vestibule beside Better Auth, both under the same Next, Node and SQLite on the same machine, turn by turn: sign-up,
 * sign-in, what other requests wait meanwhile, session check, memory. Beside them what the machine could do at most: bare
 * bcryptjs threads, and a bare node:http server with the same lookup. About five minutes; `--short` is a trial of two.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBareThreads } from './bare-threads.ts'
import type { Turn } from './load.ts'
import { startBareServer } from './peer/bare-server.ts'
import { buildBetterAuth, startBetterAuth } from './peer/better-auth.ts'
import { type Comparison, reportComparison } from './peer/report.ts'
import { checkTurn, measuredOf, prepare, signInTurn, signUpTurn } from './peer/turns.ts'
import { startVestibule } from './peer/vestibule.ts'
import { memory } from './processes.ts'

const short = process.argv.includes('--short')
const ROUNDS = short ? 2 : 4
const SECONDS = short ? 2 : 4
const COST = 12

const folder = mkdtempSync(join(tmpdir(), 'vestibule-peer-'))
const database = join(folder, 'hall.db')
const endings: (() => Promise<unknown>)[] = []
/** Whatever was started is ended, the last one first. */
function ending<T extends { stop(): Promise<unknown> }>(started: T): T {
  endings.unshift(() => started.stop())
  return started
}

async function start() {
  const vestibule = ending(await startVestibule('Vestibule', { DATABASE_URL: `file:${database}` }))
  const bcryptjs = ending(await startBetterAuth('Better Auth, bcryptjs', { hash: 'bcryptjs' }))
  const scrypt = ending(await startBetterAuth('Better Auth, its scrypt', { hash: 'scrypt' }))
  const cached = ending(await startBetterAuth('Better Auth, cookie cache', { hash: 'scrypt', cookieCache: true }))
  const bareThreads = ending(startBareThreads(COST))
  const bareServer = ending(await startBareServer(database))
  return {
    ours: measuredOf(vestibule),
    bcryptjs: measuredOf(bcryptjs),
    scrypt: measuredOf(scrypt),
    cached: measuredOf(cached),
    bareThreads,
    bareServer,
  }
}

async function compare(): Promise<Comparison> {
  const { ours, bcryptjs, scrypt, cached, bareThreads, bareServer } = await start()
  const bare = {
    server: { name: bareServer.name, server: bareServer, sessions: ours.sessions, checks: [] as Turn[] },
    threads: [] as number[],
  }
  for (const each of [ours, bcryptjs, scrypt, cached]) await prepare(each)
  await checkTurn(bare.server, 1)
  bare.server.checks.length = 0
  await bareThreads.rate(1000)
  for (let round = 1; round <= ROUNDS; round++) {
    console.log(`  round ${round} of ${ROUNDS}`)
    for (const each of [ours, bcryptjs, scrypt]) await signUpTurn(each, SECONDS)
    bare.threads.push(await bareThreads.rate(SECONDS * 1000))
    for (const each of [ours, bcryptjs, scrypt]) await signInTurn(each, SECONDS)
    for (const each of [bare.server, ours, bcryptjs, cached]) await checkTurn(each, SECONDS)
  }
  for (const each of [ours, bcryptjs, scrypt, cached]) each.memory.after = memory(each.server.pid)
  return { ours, bcryptjs, scrypt, cached, bare }
}

try {
  console.log('Building the app of the peer.')
  buildBetterAuth()
  reportComparison(await compare(), { rounds: ROUNDS, seconds: SECONDS, write: !short })
} finally {
  for (const end of endings) await end()
  rmSync(folder, { recursive: true, force: true })
}
