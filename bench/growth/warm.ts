import { createReadStream, globSync } from 'node:fs'
import type { DatabaseLocation } from '../../db/client.ts'
import { connected } from './fill-postgres.ts'
import { CHECKS, type Grown } from './operations.ts'

const TIMES = 5_000

const FOLDER = `select current_setting('data_directory') || '/base/' || oid as folder
  from pg_database where datname = current_database()`

async function filesOf(location: DatabaseLocation): Promise<string[]> {
  if (location.kind === 'sqlite') return [location.file]
  const { rows } = await connected(location.url, (client) => client.query<{ folder: string }>(FOLDER))
  return globSync(`${rows[0]?.folder}/*`)
}

async function readThrough(file: string): Promise<void> {
  for await (const _ of createReadStream(file, { highWaterMark: 1 << 20 }));
}

/**
 * As on a machine that has been up for a while with memory for its database: the files in the system's cache, the inner pages of
 * the indexes in the database's own. Without it the slowest of what is measured would be how this machine's disk reads.
 */
export async function warm(grown: Grown): Promise<void> {
  for (const file of await filesOf(grown.location)) await readThrough(file)
  // Each by its own process, with a cache of its own.
  for (const check of Object.values(CHECKS)) for (let n = 0; n < TIMES; n++) await (await check(grown))()
}
