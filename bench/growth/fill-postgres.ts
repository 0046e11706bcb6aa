import { Client } from 'pg'
import { migrate } from '../../db/migrate.ts'
import { insertStatement, TABLES } from './rows.ts'

const CHUNK = 250_000
/** All of it is immutable, so that Postgres puts it in place of each call instead of calling it. */
const HASH_FUNCTION = `create function h(text) returns text language sql immutable as
  $$ select translate(rtrim(encode(sha256($1::bytea), 'base64'), '='), '+/', '-_') $$`
const INDEXES = `select indexname as name, indexdef as make from pg_indexes
  where schemaname = 'public' and indexname not in (select conname from pg_constraint)`
/** Foreign keys lean on primary keys: away before them, back after them. */
const CONSTRAINTS = `select conname as name, conrelid::regclass::text as table, pg_get_constraintdef(oid) as make
  from pg_constraint where contype in ('p', 'f') and connamespace = 'public'::regnamespace
    and conrelid <> 'migrations'::regclass order by contype`

async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The address of a new database of this name. */
export async function createDatabase(adminUrl: string, name: string): Promise<string> {
  await connected(adminUrl, (client) => client.query(`create database ${name}`))
  return Object.assign(new URL(adminUrl), { pathname: `/${name}` }).href
}

/** Migrates an empty database and fills it, then runs `more`. Keys and indexes are built afterwards, by sorting, and are what they were. */
export async function fillPostgres(
  url: string,
  size: number,
  say: (what: string) => void,
  more: string[] = [],
): Promise<void> {
  await migrate({ kind: 'postgres', url })
  await connected(url, async (client) => {
    await client.query(HASH_FUNCTION)
    // Or it writes the same pages out again and again while they are being filled.
    await client.query("alter system set max_wal_size = '4GB'")
    await client.query('select pg_reload_conf()')
    await client.query("set maintenance_work_mem = '512MB'; set work_mem = '256MB'")
    const { rows: constraints } = await client.query(CONSTRAINTS)
    for (const { name, table } of constraints) await client.query(`alter table ${table} drop constraint "${name}"`)
    const { rows: indexes } = await client.query(INDEXES)
    for (const { name } of indexes) await client.query(`drop index "${name}"`)
    for (const table of TABLES) {
      for (let first = 1; first <= size; first += CHUNK)
        await client.query(insertStatement(table, first, Math.min(size, first + CHUNK - 1), size))
      say(table.name)
    }
    for (const statement of more) await client.query(statement)
    for (const { make } of indexes) await client.query(make)
    for (const { name, table, make } of constraints.toReversed())
      await client.query(`alter table ${table} add constraint "${name}" ${make}`)
    await client.query('drop function h(text)')
    say('keys and indexes')
    await client.query('vacuum analyze')
    say('vacuum')
  })
}

/** Bytes of each table and index. */
export function sizesPostgres(url: string): Promise<Map<string, number>> {
  const statement = `select relname, pg_table_size(oid) as bytes from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')`
  return connected(url, async (client) => {
    const { rows } = await client.query(statement)
    return new Map(rows.map(({ relname, bytes }) => [relname, Number(bytes)]))
  })
}
