import autocannon from 'autocannon'
import { cpuSeconds } from './processes.ts'

export const CONNECTIONS = 32

/** One turn of load. A core's share: 1 is one core, all the time. */
export interface Turn {
  perSecond: number
  /** Requests for each second of CPU that the server used: what one core alone would answer. */
  perCpuSecond: number
  serverCores: number
  generatorCores: number
}

/** Asks `path` without pause, with one cookie after the other. Throws unless every answer is a 200. */
export async function load(
  server: { origin: string; pid: number },
  path: string,
  cookies: string[],
  until: { seconds: number } | { requests: number },
): Promise<Turn> {
  const before = { server: cpuSeconds(server.pid), generator: process.cpuUsage(), at: performance.now() }
  const result = await autocannon({
    url: server.origin,
    connections: CONNECTIONS,
    ...('seconds' in until ? { duration: until.seconds } : { amount: until.requests }),
    requests: cookies.map((cookie) => ({ method: 'GET', path, headers: { cookie } })),
  })
  const took = (performance.now() - before.at) / 1000
  const generator = process.cpuUsage(before.generator)
  const serverCpu = cpuSeconds(server.pid) - before.server
  const answered = result['2xx']
  if (result.non2xx > 0 || result.errors > 0 || answered === 0)
    throw new Error(`GET ${path}: ${result.non2xx} answers were no 2xx, ${result.errors} requests failed.`)
  return {
    perSecond: answered / took,
    perCpuSecond: answered / serverCpu,
    serverCores: serverCpu / took,
    generatorCores: (generator.user + generator.system) / 1e6 / took,
  }
}
