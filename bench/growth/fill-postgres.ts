import { Client } from 'pg'
import { migrate } from '../../db/migrate.ts'
import { insertStatement, TABLES } from './rows.ts'

const CHUNK = 250_000
/** All of it is immutable, so that Postgres puts it in place of each call instead of calling it. */
const HASH_FUNCTION = `create function h(text) returns text language sql immutable as
  $$ select translate(rtrim(encode(sha256($1::bytea), 'base64'), '='), '+/', '-_') $$`
const INDEXES = `select tablename as table, indexname as name, indexdef as make from pg_indexes
  where schemaname = 'public' and indexname not in (select conname from pg_constraint)`
const constraints = (kind: 'p' | 'f') => `select conrelid::regclass::text as table, conname as name,
    format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
  from pg_constraint where contype = '${kind}' and connamespace = 'public'::regnamespace
    and conrelid <> 'migrations'::regclass`
/** A connection's; one for each table is at work at once. */
const MEMORY = "set maintenance_work_mem = '256MB'; set work_mem = '128MB'"

export async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
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

/** What a table has besides its columns: `make` is the statement that brings it back. */
interface Extra {
  table: string
  name: string
  make: string
}

/** Away while rows come in. Foreign keys lean on primary keys: away before them, back after them. */
async function dropExtras(client: Client) {
  const { rows: foreignKeys } = await client.query<Extra>(constraints('f'))
  const { rows: primaryKeys } = await client.query<Extra>(constraints('p'))
  const { rows: indexes } = await client.query<Extra>(INDEXES)
  for (const { table, name } of [...foreignKeys, ...primaryKeys])
    await client.query(`alter table ${table} drop constraint "${name}"`)
  for (const { name } of indexes) await client.query(`drop index "${name}"`)
  return { foreignKeys, ofOneTable: [...indexes, ...primaryKeys] }
}

/** All of them at once, each on a connection of its own: one alone would keep one core busy. */
async function atOnce<T>(url: string, all: T[], work: (each: T, client: Client) => Promise<void>): Promise<void> {
  const alone = (each: T) =>
    connected(url, async (client) => {
      await client.query(MEMORY)
      await work(each, client)
    })
  await Promise.all(all.map(alone))
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
    const { foreignKeys, ofOneTable } = await dropExtras(client)
    await atOnce(url, TABLES, async (table, own) => {
      for (let first = 1; first <= size; first += CHUNK)
        await own.query(insertStatement(table, first, Math.min(size, first + CHUNK - 1), size))
      say(table.name)
    })
    for (const statement of more) await client.query(statement)
    await atOnce(url, [...new Set(ofOneTable.map(({ table }) => table))], async (table, own) => {
      for (const extra of ofOneTable) if (extra.table === table) await own.query(extra.make)
    })
    for (const { make } of foreignKeys) await client.query(make)
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
