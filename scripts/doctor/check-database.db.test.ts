import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type DatabaseLocation, openDatabase } from '#db/client'
import { migrate } from '#db/migrate'
import { events, limits } from '#db/schema/tables'
import { testLocation } from '../../test/deps.ts'
import { insertMails, queuedMail } from '../../test/mail/queued-mail.ts'
import { checkClock, databaseClock } from './check-clock.ts'
import { openAndCheckDatabase } from './check-database.ts'
import { checkOutbox } from './check-outbox.ts'

const MINUTE = 60_000

let location: DatabaseLocation
let remove: () => Promise<void>
beforeEach(async () => {
  ;({ location, remove } = await testLocation())
})
afterEach(() => remove())

async function look() {
  const { db, findings } = await openAndCheckDatabase(location)
  await db?.close()
  return findings
}

async function change(statement: string) {
  const db = openDatabase(location)
  await db.execute(statement)
  await db.close()
}

describe('the database', () => {
  test('is well when it is migrated and takes writes, and nothing of them stays', async () => {
    await migrate(location)
    const { db, findings } = await openAndCheckDatabase(location)
    expect(findings).toMatchObject([{ check: 'database', state: 'ok' }])
    expect(await db?.run((tx) => tx.select().from(limits))).toEqual([])
    await db?.close()
  })

  test('is a warning while it is not there or empty, and is not made', async () => {
    expect(await look()).toMatchObject([{ state: 'warning' }])
    if (location.kind === 'sqlite') expect(existsSync(location.file)).toBe(false)
  })

  test('is wrong when a migration is missing', async () => {
    await migrate(location)
    await change('DELETE FROM migrations')
    expect(await look()).toMatchObject([
      { state: 'wrong', message: expect.stringMatching(/^\d+ migrations are missing: /u) },
    ])
  })

  test('is wrong when it comes from a newer version', async () => {
    await migrate(location)
    await change("INSERT INTO migrations VALUES ('of tomorrow', 0)")
    expect(await look()).toMatchObject([{ state: 'wrong', message: expect.stringMatching(/^A newer Vestibule/u) }])
  })

  test('is wrong when Postgres does not answer, without its password', async () => {
    location = { kind: 'postgres', url: 'postgres://me:hunter2@127.0.0.1:1/none' }
    const findings = await look()
    expect(findings).toMatchObject([{ state: 'wrong', message: expect.stringContaining('ECONNREFUSED') }])
    expect(JSON.stringify(findings)).not.toContain('hunter2')
  })
})

describe('the outbox', () => {
  const NOW = 100 * MINUTE
  const owed = (ago: number, nextAt = NOW) => queuedMail('owed', { createdAt: NOW - ago, nextAt })

  test.each([
    ['nothing', [], 'ok', /^No mail waits/u],
    ['a decoy, addressed to nobody', [queuedMail('decoy', { recipient: '' })], 'ok', /^No mail waits/u],
    ['one just queued', [owed(0)], 'ok', /^1 mails wait, none for long/u],
    ['one that was tried', [owed(6 * MINUTE, NOW + MINUTE)], 'warning', /the oldest for 6 min/u],
    ['one that nobody sends', [owed(3 * MINUTE, NOW - 3 * MINUTE)], 'warning', /was due 3 min ago/u],
    ['one that has gone', [queuedMail('sent', { sentAt: NOW })], 'ok', /^No mail waits/u],
    [
      'one given up',
      [queuedMail('parked', { failedAt: NOW })],
      'warning',
      /^1 mails of the last 7 days were given up/u,
    ],
  ] as const)('with %s', async (_what, rows, state, message) => {
    await migrate(location)
    const db = openDatabase(location)
    if (rows.length > 0) await db.run((tx) => insertMails(tx, [...rows]))
    const findings = await checkOutbox(db, NOW)
    await db.close()
    expect(findings).toEqual([{ check: 'outbox', state, message: expect.stringMatching(message) }])
  })
})

describe('the clock', () => {
  test('is compared with the database: its own clock, or its newest event', async () => {
    await migrate(location)
    const db = openDatabase(location)
    const event = { type: 'signin', outcome: 'ok', ip: '', deviceHash: '', userAgent: '', requestId: '' }
    await db.run((tx) => tx.insert(events).values({ ...event, id: 'last', at: Date.now() }))
    const now = Date.now()
    expect(checkClock(await databaseClock(db, location.kind, now))).toMatchObject([{ state: 'ok' }])
    const setBack = checkClock(await databaseClock(db, location.kind, now - MINUTE))
    await db.close()
    expect(setBack).toMatchObject([{ state: 'wrong', message: expect.stringMatching(/ (59|60|61) s behind /u) }])
  })

  test('off a little is a warning, off much is wrong', () => {
    const state = (ahead: number) => checkClock([{ whose: 'Postgres', ahead }]).map((finding) => finding.state)
    expect([-31_000, -6_000, -4_000, 0, 4_000, 6_000, 31_000].flatMap(state)).toEqual([
      'wrong',
      'warning',
      'ok',
      'ok',
      'ok',
      'warning',
      'wrong',
    ])
  })
})
