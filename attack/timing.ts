/**
 * `npm run attack:timing`: does the time of an answer betray who has an account? Calls the routes in a process with real
 * bcrypt of cost 10 and a real database, once on SQLite and once on Postgres, class by class in turn, and compares each class
 * with unknown addresses by the area under the ROC curve: 0.5 is a coin, 1 tells every time. Then breaks the code on purpose
 * three ways, and must notice each. ATTACK_ONLY runs the databases whose name holds that text.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endWithUs, removeFolder } from '../test/end-with-us.ts'
import { startPostgres } from '../test/start-postgres.ts'
import { exitOnSignals } from './exit-on-signals.ts'

const only = process.env.ATTACK_ONLY ?? ''

/** A process of its own for each: which tables the queries mean is settled when they are loaded. */
async function measure(databaseUrl: string): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-timing-'))
  // Nothing of the developer's own settings, but for what Node itself needs.
  const { PATH, HOME, ATTACK_SAMPLES } = process.env
  const given = { ...(ATTACK_SAMPLES && { ATTACK_SAMPLES }), ...(databaseUrl && { DATABASE_URL: databaseUrl }) }
  const settings = { DATA_DIR: folder, BCRYPT_COST: '10', LIMIT_SCALE: '1000000', LOG_LEVEL: 'silent', ...given }
  const env: NodeJS.ProcessEnv = { PATH, HOME, NODE_ENV: 'production', ...settings }
  const script = join(import.meta.dirname, 'timing', 'measure.ts')
  const child = spawn(process.execPath, [script], { env, stdio: 'inherit' })
  endWithUs(child, { folder })
  const [code] = await once(child, 'exit')
  removeFolder(folder)
  return code === 0
}

exitOnSignals()
process.stdout.write('AUC against unknown addresses; 0.45 to 0.55 is fair.\n')
const results: boolean[] = []
if ('SQLite'.includes(only)) results.push(await measure(''))
if ('Postgres'.includes(only)) {
  const postgres = await startPostgres()
  results.push(await measure(postgres.url))
  await postgres.stop()
}
process.exitCode = results.every(Boolean) ? 0 : 1
