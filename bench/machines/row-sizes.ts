/**
 * What one account costs a Postgres: bytes of a row of each table with its share of the indexes, and what each act writes.
 * Real acts at the built app make one row of each kind; each is then copied until the size of a row can be read off.
 * `node bench/machines/row-sizes.ts`, after a build; about two minutes.
 */
import { Client } from 'pg'
import { ApiClient, newestChallenge } from '../../e2e/api-client.ts'
import { startServer } from '../../e2e/start-server.ts'
import { startPostgres } from '../../test/start-postgres.ts'

const COPIES = 100_000
const EMAIL = 'ann.sample@example.com'
const PASSWORD = 'a lantern in the hall'
/** A connection of Postgres says what it wrote once it has been idle for ten seconds. */
const SETTLE_MS = 11_000
/** As long as that of a present Chrome; the client here says only "node". */
const USER_AGENT_LENGTH = 111
const COPIED = ['users', 'devices', 'sessions', 'events', 'challenges', 'outbox', 'limits']

/** Rows inserted, changed and deleted so far. */
async function written(db: Client): Promise<number> {
  await new Promise((settled) => setTimeout(settled, SETTLE_MS))
  const { rows } = await db.query<{ rows: string }>(
    'SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) AS rows FROM pg_stat_user_tables',
  )
  return Number(rows[0]?.rows)
}

async function measureActs(db: Client, origin: string): Promise<void> {
  const client = new ApiClient(origin)
  const act = async (name: string, work: () => Promise<{ status: number; text: string }>) => {
    const before = await written(db)
    const { status, text } = await work()
    if (status >= 300) throw new Error(`${name} answered ${status}: ${text}`)
    console.log(`${name.padEnd(34)} ${String((await written(db)) - before).padStart(4)} rows written`)
  }
  await act('sign-up, its mail sent', () => client.call('/auth/signup', { email: EMAIL, password: PASSWORD }))
  const { challengeId, code: token } = await newestChallenge(origin, EMAIL)
  await act('verification', () => client.call('/auth/verify', { challengeId, token }))
  await act('session check', () => client.call('/auth/session'))
  await act('sign-in with password', () =>
    client.call('/auth/signin', { email: EMAIL, password: PASSWORD, remember: true }),
  )
  await act('reset asked for, its mail sent', () => client.call('/auth/password/reset/request', { email: EMAIL }))
}

/** Every text that tells rows apart gets another of its length, so that the indexes are as wide as they would be. */
async function copyRows(db: Client, table: string): Promise<void> {
  const { rows: columns } = await db.query<{ name: string; kind: string }>(
    'SELECT column_name AS name, data_type AS kind FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position',
    [table],
  )
  const apart = /^(?:id|user_id|email|email_key|key|device_hash|token_hash|recipient|request_id)$/u
  const values = columns.map(({ name, kind }) => {
    if (kind === 'text' && apart.test(name))
      return `substr(repeat(encode(sha256((n || '${name}')::bytea), 'base64'), 3), 1, length(t."${name}"))`
    if (name === 'user_agent') return `repeat('u', ${USER_AGENT_LENGTH})`
    return kind === 'bigint' ? `t."${name}" + n` : `t."${name}"`
  })
  await db.query(
    `INSERT INTO "${table}" SELECT ${values.join(', ')} FROM (SELECT * FROM "${table}" LIMIT 1) AS t, generate_series(1, ${COPIES}) AS n`,
  )
  const { rows } = await db.query<{ total: string; indexes: string }>(
    'SELECT pg_total_relation_size($1) AS total, pg_indexes_size($1) AS indexes',
    [table],
  )
  const each = (bytes: string | undefined) => Math.round(Number(bytes) / COPIES)
  console.log(
    `${table.padEnd(12)} ${String(each(rows[0]?.total)).padStart(5)} bytes a row, ${each(rows[0]?.indexes)} of them indexes`,
  )
}

const postgres = await startPostgres()
const server = await startServer({ DATABASE_URL: postgres.url })
const db = new Client({ connectionString: postgres.url })
try {
  await db.connect()
  await measureActs(db, server.origin)
  // The copies belong to nobody.
  await db.query('SET session_replication_role = replica')
  for (const table of COPIED) await copyRows(db, table)
} finally {
  await db.end()
  await server.stop()
  await postgres.stop()
}
