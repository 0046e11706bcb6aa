import { freePort, type RunningServer, startServer } from '../../e2e/start-server.ts'
import { startNginx } from './nginx.ts'

/** How clients come to the app: straight, or through the proxy that deploy/ describes. */
export interface Door {
  name: string
  /** Where its clients knock. */
  origin: string
  server: RunningServer
  /** Ends what was started. Throws when the server has answered a 5xx that is not among `provoked`. */
  close(provoked?: string[]): Promise<void>
}

const REAL_LIMITS = { LIMIT_SCALE: '1' }

export async function openDirectDoor(settings: Record<string, string> = {}): Promise<Door> {
  const server = await startServer({ ...REAL_LIMITS, ...settings })
  const close = async (provoked?: string[]) => void (await server.stop(provoked))
  return { name: 'direct', origin: server.origin, server, close }
}

export const openCachingDoor = () => openProxiedDoor({ LIMIT_SCALE: '100' }, { caches: true })

export async function openProxiedDoor(
  settings: Record<string, string> = {},
  proxy: { caches?: true } = {},
): Promise<Door> {
  const [http, https] = [await freePort(), await freePort()]
  const origin = `https://localhost:${https}`
  const server = await startServer({ ...REAL_LIMITS, APP_ORIGIN: origin, TRUSTED_PROXY_HOPS: '1', ...settings })
  const nginx = await startNginx({ apps: [Number(new URL(server.origin).port)], http, https, ...proxy })
  const close = async (provoked?: string[]) => {
    await nginx.stop()
    await server.stop(provoked)
  }
  return { name: proxy.caches ? 'through a caching nginx' : 'through nginx', origin, server, close }
}
