import { describe, expect, it } from 'vitest'
import { type DatabaseLocation, openDatabase } from '#db/client'
import { migrate } from '#db/migrate'
import { dialect } from '#db/schema/tables'
import { currentSession } from '#lib/auth/current-session'
import { makeLimits } from '#lib/limits/limits'
import { systemRandom } from '#lib/random'
import { browser, testDeps, testLocation } from '../deps.ts'
import { readPage } from '../docs/pages.ts'
import { codeOf, verified } from '../journey.ts'

const GRANTS = (/```sql\n(-- As the owner.*?)```/su.exec(readPage('docs/operations.md'))?.[1] ?? '')
  .split('\n')
  .filter((line) => line.endsWith(';'))

/** The statements of docs/operations.md with a role of this test's own; `url` is that role's. */
async function withRole(location: DatabaseLocation & { kind: 'postgres' }) {
  const role = `app_${systemRandom.digits(12)}`
  const owner = openDatabase(location)
  for (const statement of GRANTS) await owner.execute(statement.replaceAll('vestibule_app', role))
  await owner.close()
  const url = new URL(location.url)
  Object.assign(url, { username: role, password: 'another one' })
  return { kind: 'postgres', url: url.href } as const
}

describe.runIf(dialect === 'postgres')('with a role that may only read and write rows', () => {
  it('the app starts on what its owner has migrated, does all it does, and can change no table', async () => {
    expect(GRANTS.length).toBeGreaterThan(2)
    const { location } = await testLocation()
    if (location.kind !== 'postgres') throw new Error('Not Postgres.')
    await migrate(location)
    const asApp = await withRole(location)
    await migrate(asApp)
    const db = openDatabase(asApp)
    const deps = await testDeps()
    const on = { ...deps, db, limits: makeLimits(db, deps.now) }
    const { token } = await verified(on, browser('laptop'))
    expect(codeOf(await currentSession(on, token))).toBe('ok')
    for (const statement of [
      'create table mine (id text)',
      'alter table users add column mine text',
      'drop table events',
      'truncate events',
    ])
      await expect(db.execute(statement), statement).rejects.toThrow(/permission denied|must be owner/u)
    await db.close()
    await deps.db.close()
  })

  it('a migration that waits for its owner is a start that fails', async () => {
    const { location } = await testLocation()
    if (location.kind !== 'postgres') throw new Error('Not Postgres.')
    const asApp = await withRole(location)
    await expect(migrate(asApp)).rejects.toThrow(/permission denied/u)
  })
})
