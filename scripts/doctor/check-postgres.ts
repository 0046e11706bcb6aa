import { inArray, sql } from 'drizzle-orm'
import type { Db } from '#db/client'
import { postgresProtection } from '#db/postgres-tls'
import type { Env } from '#lib/env'
import { type Finding, findingsOf } from './finding.ts'

const { ok, warning } = findingsOf('postgres')

type Postgres = Extract<Env['database'], { kind: 'postgres' }>

/** What a Postgres needs besides answering: a way that nobody listens on, and connections enough. */
export async function checkPostgres(database: Postgres, workers: number, db: Db): Promise<Finding[]> {
  return [checkWay(database.url), await checkConnections(database.pool, workers, db)]
}

export function checkWay(url: string): Finding {
  const { host } = new URL(url)
  const way = postgresProtection(url)
  if (way === 'local') return ok('Postgres is on this machine.')
  if (way === 'verified') return ok(`Postgres at ${host} is reached by TLS, and its certificate is checked.`)
  const fault =
    way === 'none' ? 'reached without TLS' : 'reached by TLS, but whoever stands between could show any certificate'
  return warning(
    `Postgres at ${host} is ${fault}, because DATABASE_URL says so: fit only for a wire that is nobody else's. Otherwise write sslmode=verify-full.`,
  )
}

/** As docs/operations.md counts: each process has its pool, and one more connection for the migrations at its start. */
async function checkConnections(pool: number, workers: number, db: Db): Promise<Finding> {
  const wanted = workers * (pool + 1)
  const { allowed, kept } = await connectionsOf(db)
  const sum = `${workers} processes with a pool of ${pool} open up to ${wanted} connections`
  const has = `Postgres has ${allowed - kept} for them (max_connections ${allowed}, less ${kept} kept for administrators)`
  return wanted <= allowed - kept
    ? ok(`${sum}; ${has}. Every further instance needs as many.`)
    : warning(`${sum}, and ${has}: lower DATABASE_POOL or WORKERS, raise max_connections, or put a pooler between.`)
}

async function connectionsOf(db: Db): Promise<{ allowed: number; kept: number }> {
  // reserved_connections is there from Postgres 16 on.
  const names = ['max_connections', 'superuser_reserved_connections', 'reserved_connections']
  const rows = await db.run((tx) =>
    tx
      .select({ name: sql<string>`name`, setting: sql<string>`setting` })
      .from(sql`pg_settings`)
      .where(inArray(sql`name`, names)),
  )
  const settings = new Map(rows.map(({ name, setting }) => [name, Number(setting)]))
  const [allowed = 0, ...kept] = names.map((name) => settings.get(name) ?? 0)
  return { allowed, kept: kept.reduce((sum, each) => sum + each) }
}
