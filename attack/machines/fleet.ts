import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { freePort } from '../../e2e/start-server.ts'
import type { RunningProxy } from '../abuse/nginx.ts'
import { type AppProcess, appProcess } from '../crash/app-process.ts'
import { Inbox } from '../crash/letters.ts'
import { resendOffice } from '../crash/post-offices.ts'
import { type RestartablePostgres, restartablePostgres } from '../failures/restartable-postgres.ts'

const INSTANCES = 3
const AUTH_SECRET = 'one secret for all instances, as the documentation says'

export type StartProxy = (ports: { apps: number[]; http: number; https: number }) => Promise<RunningProxy>

/** Three instances of the built app on one Postgres, behind one proxy, with one mail API that honours its keys. */
export interface Fleet {
  /** Where clients knock: the proxy. */
  origin: string
  instances: AppProcess[]
  postgres: RestartablePostgres
  inbox: Inbox
  /** Each delivery that was tried: the idempotency key, as often as it came. */
  deliveries(): string[]
  close(): Promise<void>
}

/** Node's fetch believes no certificate that nobody signed; this process may believe this one. */
const trust = (certificate: string) => setDefaultCACertificates([...getCACertificates('default'), certificate])

export async function openFleet(startProxy: StartProxy, settings: Record<string, string> = {}): Promise<Fleet> {
  const [http, https] = [await freePort(), await freePort()]
  const origin = `https://localhost:${https}`
  const inbox = new Inbox()
  const office = await resendOffice(inbox)
  const postgres = await restartablePostgres()
  const shared = {
    ...office.settings,
    APP_ORIGIN: origin,
    TRUSTED_PROXY_HOPS: '1',
    DATABASE_URL: postgres.url,
    AUTH_SECRET,
  }
  const instances: AppProcess[] = []
  for (let count = 0; count < INSTANCES; count++) instances.push(await appProcess({ ...shared, ...settings }))
  await Promise.all(instances.map((instance) => instance.start().ready))
  const proxy = await startProxy({
    apps: instances.map((instance) => Number(new URL(instance.origin).port)),
    http,
    https,
  })
  trust(proxy.certificate)
  return {
    origin,
    instances,
    postgres,
    inbox,
    deliveries: () => office.requests.map(({ idempotencyKey }) => idempotencyKey ?? ''),
    close: async () => {
      await proxy.stop()
      await Promise.all(instances.map((instance) => instance.end()))
      await office.close()
      await postgres.remove()
    },
  }
}
