import { describe, expect, it } from 'vitest'
import { type DatabaseLocation, openDatabase } from '#db/client'
import { migrate } from '#db/migrate'
import { deleteOldEvents } from '#db/queries/expired'
import { dialect, events } from '#db/schema/tables'
import { currentSession } from '#lib/auth/current-session'
import { makeLimits } from '#lib/limits/limits'
import { systemRandom } from '#lib/random'
import { browser, testDeps, testLocation } from '../deps.ts'
import { readPage } from '../docs/pages.ts'
import { codeOf, verified } from '../journey.ts'

const GRANTS = (/```sql\n(-- As the owner.*?)```/su.exec(readPage('docs/operations.md'))?.[1] ?? '')
  .split('\n')
  .filter((line) => line.endsWith(';'))

/**
 * A database that its owner has migrated, after the statements of docs/operations.md with a role of this test's own. Gives
 * where that role finds it, and what else its owner may say to it.
 */
async function withRole() {
  const { location } = await testLocation()
  if (location.kind !== 'postgres') throw new Error('Not Postgres.')
  await migrate(location)
  const role = `app_${systemRandom.digits(12)}`
  const asOwner = async (statement: string) => {
    const owner = openDatabase(location)
    await owner.execute(statement)
    await owner.close()
  }
  for (const statement of GRANTS) await asOwner(statement.replaceAll('vestibule_app', role))
  const url = new URL(location.url)
  Object.assign(url, { username: role, password: 'another one' })
  return { asApp: { kind: 'postgres', url: url.href } satisfies DatabaseLocation, asOwner }
}

/** As the app: its database, and what its verbs need. */
async function openAs(location: DatabaseLocation) {
  const db = openDatabase(location)
  const deps = await testDeps()
  const close = async () => {
    await db.close()
    await deps.db.close()
  }
  return { db, on: { ...deps, db, limits: makeLimits(db, deps.now) }, close }
}

describe.runIf(dialect === 'postgres')('with a role that may only read and write rows', () => {
  it('the app starts on what its owner has migrated, does all it does, and can change no table', async () => {
    expect(GRANTS.length).toBeGreaterThan(2)
    const { asApp } = await withRole()
    await migrate(asApp)
    const { db, on, close } = await openAs(asApp)
    const { token } = await verified(on, browser('laptop'))
    expect(codeOf(await currentSession(on, token))).toBe('ok')
    for (const statement of [
      'create table mine (id text)',
      'alter table users add column mine text',
      'drop table events',
      'truncate events',
    ])
      await expect(db.execute(statement), statement).rejects.toThrow(/permission denied|must be owner/u)
    await close()
  })

  it('the trail is appended to, read and shortened, and no event in it is changed', async () => {
    expect(GRANTS).toContainEqual(expect.stringMatching(/^revoke update on events from /u))
    const { asApp } = await withRole()
    const { db, on, close } = await openAs(asApp)
    await verified(on, browser('laptop'))
    const outcomes = () => db.run((tx) => tx.select({ outcome: events.outcome }).from(events).orderBy(events.type))
    const before = await outcomes()
    expect(before).toEqual([{ outcome: 'code' }, { outcome: 'ok' }])
    await expect(db.execute("update events set outcome = 'none'")).rejects.toThrow(/permission denied/u)
    await expect(
      db.execute("insert into events select * from events on conflict (id) do update set outcome = 'none'"),
    ).rejects.toThrow(/permission denied/u)
    expect(await outcomes()).toEqual(before)
    const old = await db.run((tx) => deleteOldEvents(tx, { from: 0, until: on.now(), count: 10 }))
    expect([old.count, await outcomes()]).toEqual([2, []])
    await close()
  })

  it('a migration that waits for its owner is a start that fails', async () => {
    const { asApp, asOwner } = await withRole()
    await asOwner('delete from migrations')
    await expect(migrate(asApp)).rejects.toThrow(/permission denied/u)
  })
})
