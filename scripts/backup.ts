/** `npm run backup [-- <folder>]`: a checked copy of the SQLite database, while the app runs or not. */
import { join } from 'node:path'
import { env } from '#lib/env'
import { backUpSqlite } from './backup/back-up-sqlite.ts'
import { loadSettings, typedPath } from './backup/load-settings.ts'
import { Refusal, runScript } from './backup/refusal.ts'

const POSTGRES = `The data is in Postgres, which has its own way:
  pg_dump --format=custom "$DATABASE_URL" > backup.dump
Nothing was written.`

await runScript(async () => {
  loadSettings()
  const { database, dataDir, authSecret } = env()
  if (database.kind === 'postgres') throw new Refusal(POSTGRES)
  const folder = process.argv[2]
  const backup = await backUpSqlite(database.file, folder ? typedPath(folder) : join(dataDir, 'backups'), Date.now())
  const secret = authSecret ? 'AUTH_SECRET, which is set in the environment' : join(dataDir, 'auth-secret')
  console.log(`Written and checked: ${backup}`)
  console.log(`The secret is not in it. Keep it too, in another place: ${secret}.`)
  console.log('Without it no password of this backup works; with it a thief of the backup could search them.')
})
