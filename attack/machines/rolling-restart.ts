import { setTimeout as wait } from 'node:timers/promises'
import { tallied, type Verdict } from '../abuse/verdict.ts'
import { startClients } from './clients.ts'
import type { Fleet } from './fleet.ts'

const CLIENTS = 8
const SETTLE_MS = 2_000
const AT_LEAST = 1_000

/** Each instance in turn is told to stop, ends by itself and is started again, while clients ask without pause. */
export async function restartInTurn({ origin, instances }: Fleet): Promise<Verdict[]> {
  const began = performance.now()
  const stop = startClients(origin, CLIENTS)
  await wait(SETTLE_MS)
  const exits: (number | null)[] = []
  const drained: number[] = []
  for (const instance of instances) {
    const told = performance.now()
    exits.push(await instance.stop())
    drained.push(performance.now() - told)
    await instance.start().ready
    await wait(SETTLE_MS)
  }
  const { reads, writes, failed } = await stop()
  const seconds = (ms: number) => (ms / 1000).toFixed(1)
  const figure = `${reads} reads, ${writes} writes in ${seconds(performance.now() - began)} s, ${failed.length} failed${
    failed.length > 0 ? `: ${tallied(failed)}` : ''
  }; ended within ${drained.map(seconds).join(', ')} s with ${exits.join(', ')}`
  const held = failed.length === 0 && reads + writes >= AT_LEAST && exits.every((code) => code === 0)
  return [{ attack: 'each instance restarted in turn', figure, held }]
}
