/** `npm run restore -- <file>`: puts a backup in the place of the SQLite database, while the app is stopped. */
import { prepareDataDir } from '#lib/data-dir'
import { env } from '#lib/env'
import { loadSettings, typedPath } from './backup/load-settings.ts'
import { Refusal, runScript } from './backup/refusal.ts'
import { restoreSqlite } from './backup/restore-sqlite.ts'

const USAGE = 'Name the backup to restore: npm run restore -- <file>'
const POSTGRES = `The data is in Postgres, which has its own way; with Vestibule stopped:
  pg_restore --clean --if-exists --dbname="$DATABASE_URL" backup.dump
  psql "$DATABASE_URL" -c "delete from sessions; delete from challenges;"
  psql "$DATABASE_URL" -c "update outbox set failed_at = 0, payload = '' where sent_at is null and failed_at is null;"
Nothing was changed.`

await runScript(async () => {
  loadSettings()
  const settings = env()
  const { database } = settings
  if (database.kind === 'postgres') throw new Refusal(POSTGRES)
  const backup = process.argv[2]
  if (!backup) throw new Refusal(USAGE)
  prepareDataDir(settings)
  const { kept, ended } = await restoreSqlite(typedPath(backup), database.file, Date.now())
  console.log(`Restored: ${database.file}`)
  if (kept) console.log(`The database of before is kept as ${kept}; remove it when you need it no more.`)
  console.log(
    `Ended, because what came after the backup is not known: ${ended.sessions} sessions, ${ended.challenges} challenges, ${ended.mails} mails not yet sent.`,
  )
  console.log('Everybody signs in anew, with the password of then. The secret of then must be in its place as well.')
})
