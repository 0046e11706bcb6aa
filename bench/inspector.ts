import { once } from 'node:events'

/** For a server's NODE_OPTIONS: it listens for an inspector on a free port of this machine and says which. */
export const INSPECTABLE = { NODE_OPTIONS: '--inspect=127.0.0.1:0' }

interface Answer {
  id: number
  result?: unknown
  error?: { message: string }
}

export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[]
  samples: number[]
  /** Microseconds between a sample and the one before. */
  timeDeltas: number[]
}

/** Chrome's protocol into a running server, started with INSPECTABLE. `log` is what it has said so far. */
export async function inspect(log: string) {
  const address = /ws:\/\/127\.0\.0\.1:\d+\/[\w-]+/u.exec(log)?.[0]
  if (!address) throw new Error('The server did not say where its inspector listens.')
  const socket = new WebSocket(address)
  await once(socket, 'open')
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as Answer
    if (error) waiting.get(id)?.reject(new Error(error.message))
    else waiting.get(id)?.resolve(result)
    waiting.delete(id)
  })
  let last = 0
  const send = <T>(method: string, params: object = {}): Promise<T> => {
    const answer = Promise.withResolvers<unknown>()
    waiting.set(++last, answer)
    socket.send(JSON.stringify({ id: last, method, params }))
    return answer.promise as Promise<T>
  }

  return {
    /** Bytes that live after everything dead has been collected, and the process's memory then. */
    async memoryAfterCollection(): Promise<{ heapUsed: number; rss: number }> {
      await send('HeapProfiler.collectGarbage')
      const expression = '(({ heapUsed, rss }) => ({ heapUsed, rss }))(process.memoryUsage())'
      type Evaluated = { result: { value: { heapUsed: number; rss: number } } }
      return (await send<Evaluated>('Runtime.evaluate', { expression, returnByValue: true })).result.value
    },
    /** What the main thread did while `work` went on, sampled ten thousand times a second. */
    async profile(work: () => Promise<unknown>): Promise<CpuProfile> {
      await send('Profiler.enable')
      await send('Profiler.setSamplingInterval', { interval: 100 })
      await send('Profiler.start')
      await work()
      const { profile } = await send<{ profile: CpuProfile }>('Profiler.stop')
      return profile
    },
    close: () => socket.close(),
  }
}
