import { setTimeout as wait } from 'node:timers/promises'

const PROBE_EVERY_MS = 20

/** Calls a second while as many clients as there are `calls` go on without pause. What was begun is waited for and counted. */
export async function rateOf(calls: (() => Promise<unknown>)[], ms: number): Promise<number> {
  const began = performance.now()
  let done = 0
  const client = async (call: () => Promise<unknown>) => {
    while (performance.now() - began < ms) {
      await call()
      done++
    }
  }
  await Promise.all(calls.map(client))
  return (done * 1000) / (performance.now() - began)
}

/** Milliseconds that the GET took, to the last byte of its answer. */
async function timed({ url, cookie = '' }: Asked): Promise<number> {
  const began = performance.now()
  const response = await fetch(url, { headers: { cookie } })
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`GET ${url} answered ${response.status}.`)
  return performance.now() - began
}

interface Asked {
  url: string
  cookie?: string
}

/**
 * What each of these GETs took while `work` went on, one after the other in turn. They are sent by the clock and not when
 * the one before has come back: whoever waits for answers asks least often while a server stands still.
 */
export async function probeDuring(asked: Asked[], work: Promise<unknown>): Promise<number[]> {
  const probes: Promise<number>[] = []
  let working = true
  const stop = () => {
    working = false
  }
  work.then(stop, stop)
  while (working) {
    const next = asked[probes.length % asked.length]
    if (next) probes.push(timed(next))
    await wait(PROBE_EVERY_MS)
  }
  return Promise.all(probes)
}
