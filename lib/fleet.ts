/**
 * Several server processes behind one port. The first process serves nothing: it starts the others, starts another where
 * one dies, and replaces them one after the other when asked to.
 */
import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Env } from './env.ts'
import { askForPort } from './listen.ts'

/** One that lived this long did start; its end is no reason to wait before the next. */
const STEADY_AFTER_MS = 10_000
const PAUSE_MS = { first: 500, most: 30_000 }

interface Fleet {
  /** One after the other: a new process listens before an old one is asked to end, so no request finds nobody. */
  restart(): Promise<void>
  /** Asks all to finish what they have. Resolves when the last has ended. */
  stop(): Promise<void>
  /** Ends all at once. */
  kill(): void
}

/**
 * Serves with several processes, until a signal: SIGTERM and SIGINT end them, SIGUSR2 replaces them one after the other.
 * Resolves when all listen, and ends this process with 1 when one could not, after it has said why.
 */
export async function supervise(settings: Env, log: Logger): Promise<void> {
  await askForPort(settings)
  // Unheard, it would end this process.
  process.on('SIGUSR2', () => undefined)
  const fleet = await startFleet(settings, log)
  if (!fleet) process.exit(1)
  let stopping = false
  const stop = async () => {
    if (stopping) {
      fleet.kill()
      process.exit(1)
    }
    stopping = true
    await fleet.stop()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())
  process.on('SIGUSR2', () => void fleet.restart())
}

/** Resolves when all listen; null when one could not, after it has said why and the others are stopped. */
async function startFleet(
  settings: Pick<Env, 'workers' | 'hashThreads' | 'hashQueue'>,
  log: Logger,
): Promise<Fleet | null> {
  // Who has each place. An old process that is being replaced has none, so its end starts no other.
  const places: Worker[] = []
  let stopping = false
  let restarting = false

  const launch = (place: number, failures = 0): Worker => {
    const share = (total: number) => String(shareOf(total, place, settings.workers))
    const worker = cluster.fork({
      WORKERS: '1',
      HASH_THREADS: share(settings.hashThreads),
      HASH_QUEUE: share(settings.hashQueue),
    })
    const began = Date.now()
    worker.once('exit', async (exitCode, signal) => {
      if (stopping || places[place] !== worker) return
      const failed = Date.now() - began < STEADY_AFTER_MS ? failures + 1 : 0
      log.error({ pid: worker.process.pid, exitCode, signal }, 'a server process ended, another is started')
      await wait(failed === 0 ? 0 : Math.min(PAUSE_MS.first * 2 ** (failed - 1), PAUSE_MS.most))
      if (!stopping && places[place] === worker) places[place] = launch(place, failed)
    })
    return worker
  }
  const stop = async () => {
    stopping = true
    await Promise.all(Object.values(cluster.workers ?? {}).map((worker) => worker && end(worker)))
  }

  const first = Array.from({ length: settings.workers }, (_, place) => launch(place))
  const listening = await Promise.all(first.map(listens))
  if (listening.includes(false)) {
    await stop()
    return null
  }
  places.push(...first)

  const restart = async () => {
    if (restarting || stopping) return
    restarting = true
    log.info({}, 'restarting the server processes one after the other')
    for (const [place, old] of [...places.entries()]) {
      const fresh = launch(place)
      if (!(await listens(fresh))) {
        log.error({ pid: fresh.process.pid }, 'a new server process did not start: those that run are kept')
        restarting = false
        return
      }
      places[place] = fresh
      // Others go on to take what comes to this port: nobody has to be told.
      await end(old, 'SIGQUIT')
    }
    restarting = false
    log.info({}, 'every server process is a new one')
  }
  const kill = () => {
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL')
  }
  return { restart, stop, kill }
}

/** So that all shares together are the whole, and none is nothing. */
export function shareOf(total: number, place: number, places: number): number {
  const upTo = (end: number) => Math.floor((total * end) / places)
  return Math.max(1, upTo(place + 1) - upTo(place))
}

function listens(worker: Worker): Promise<boolean> {
  return new Promise((resolve) => {
    worker.once('listening', () => resolve(true))
    worker.once('exit', () => resolve(false))
  })
}

async function end(worker: Worker, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (worker.isDead()) return
  const exited = once(worker, 'exit')
  worker.process.kill(signal)
  await exited
}
