import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { DatabaseLocation } from '../../db/client.ts'
import { rowsOf, TABLES } from './rows.ts'
import type { ToChecks } from './session-checks.ts'
import type { FromSweeper, ToSweeper } from './sweeper.ts'

const WARM_MS = 3_000
const IDLE_MS = 1_500
const SWEEP_MS = 3_000

function child<To extends object | string, From>(file: string, kind: DatabaseLocation['kind']) {
  const env = { ...process.env, DATABASE_URL: kind === 'postgres' ? 'postgres://by-message' : '' }
  const forked = fork(join(import.meta.dirname, file), { env })
  const ended = once(forked, 'exit').then(() => Promise.reject(new Error(`${file} ended.`)))
  ended.catch(() => undefined)
  const say = (message: To) => void forked.send(message)
  const hear = async (): Promise<From> => (await Promise.race([once(forked, 'message'), ended]))[0]
  const ask = (message: To) => {
    say(message)
    return hear()
  }
  return { say, hear, ask, end: () => forked.kill() }
}

/** Milliseconds of each session check, and what the sweeper did meanwhile. */
interface Swept {
  deleted: number
  seconds: number
  idle: number[]
  during: number[]
}

/** Sweeps and rests in turn until all that has expired is gone. Throws when a live row is missing or an expired one is left. */
export async function sweepBesideChecks(location: DatabaseLocation, accounts: number): Promise<Swept> {
  const sweeper = child<ToSweeper, FromSweeper>('sweeper.ts', location.kind)
  const checks = child<ToChecks, number[]>('session-checks.ts', location.kind)
  const swept: Swept = { deleted: 0, seconds: 0, idle: [], during: [] }
  try {
    sweeper.say({ location })
    checks.say({ location, size: accounts })
    await wait(WARM_MS)
    await checks.ask('report')
    for (let done = false; !done; ) {
      await wait(IDLE_MS)
      swept.idle.push(...(await checks.ask('report')))
      const began = performance.now()
      sweeper.say('go')
      const ended = sweeper.hear()
      await Promise.race([wait(SWEEP_MS), ended])
      sweeper.say('stop')
      const state = await ended
      swept.seconds += (performance.now() - began) / 1000
      swept.during.push(...(await checks.ask('report')))
      if (!('done' in state)) throw new Error('The sweeper said something else.')
      ;({ deleted: swept.deleted, done } = state)
      process.stdout.write(`\r  ${swept.deleted} rows swept, ${swept.seconds.toFixed(0)} s of sweeping `)
    }
    const counted = await sweeper.ask('count')
    if ('left' in counted) assertLiveRowsStayed(counted.left, accounts)
    return swept
  } finally {
    console.log()
    sweeper.end()
    checks.end()
  }
}

function assertLiveRowsStayed(left: Record<string, number>, accounts: number): void {
  for (const table of TABLES) {
    const [found, live] = [left[table.name], rowsOf(table, accounts)]
    if (found !== undefined && found !== live)
      throw new Error(`${table.name} has ${found} rows left, ${live} are live.`)
  }
}
