/** `npm run db:generate -- <name>`: writes the same migration, under the same name, for both databases. */
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'

const ROOT = dirname(import.meta.dirname)
const name = process.argv[2]
if (!name || !/^[a-z][a-z0-9_]*$/u.test(name)) {
  console.error('Give the migration a name in lower case: npm run db:generate -- add_phone_number')
  process.exit(1)
}
for (const dialect of ['sqlite', 'postgresql']) {
  const drizzleKit = join(ROOT, 'node_modules/.bin/drizzle-kit')
  const { status } = spawnSync(process.execPath, [drizzleKit, 'generate', `--name=${name}`], {
    cwd: ROOT,
    env: { ...process.env, DRIZZLE_DIALECT: dialect },
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
}
