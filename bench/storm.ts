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

/** Milliseconds that each of these GETs took while `work` went on, asked one after the other. */
export async function probeDuring(asked: { url: string; cookie?: string }[], work: Promise<unknown>) {
  const took: number[] = []
  let working = true
  const stop = () => {
    working = false
  }
  work.then(stop, stop)
  while (working) {
    for (const { url, cookie = '' } of asked) {
      const began = performance.now()
      const response = await fetch(url, { headers: { cookie } })
      await response.arrayBuffer()
      if (!response.ok) throw new Error(`GET ${url} answered ${response.status}.`)
      took.push(performance.now() - began)
    }
    await wait(PROBE_EVERY_MS)
  }
  return took
}
