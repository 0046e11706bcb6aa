import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '#db/client'
import { challenges, users } from '#db/schema/tables'
import {
  CLOCK_TOLERANCE,
  DEVICE_COOKIE_LIFETIME,
  LINK_LIFETIME,
  PENDING_ACCOUNT_LIFETIME,
  SESSION_ABSOLUTE,
} from '#lib/auth/policy'
import { NOON, testDatabase } from '../../test/deps.ts'
import {
  insertChallenge,
  insertDevice,
  insertLimit,
  insertOldEvent,
  insertOldMessage,
  insertSession,
  insertUser,
} from '../../test/mail/expiring-rows.ts'
import { recordingLog } from '../../test/mail/job-log.ts'
import { insertMails, queuedMail } from '../../test/mail/queued-mail.ts'
import { BATCH, deleteExpired } from './delete-expired.ts'

const WEEK = 7 * 24 * 60 * 60_000
const YEAR = 365 * 24 * 60 * 60_000
const neverStopping = new AbortController().signal

let db: Database
let log: ReturnType<typeof recordingLog>
beforeEach(async () => {
  db = await testDatabase()
  log = recordingLog()
})
afterEach(() => db.close())

const EVENTS_KEPT = 90 * 24 * 60 * 60_000
const sweep = (stopping = neverStopping, now = NOON, settled = now) =>
  deleteExpired({ db, now: () => now, settled: () => settled, eventsKept: EVENTS_KEPT, log }, stopping)
const counts = () => Object.fromEntries(log.entries.map(({ details }) => Object.values(details)))

async function insertOneOfEach() {
  await db.transaction(async (tx) => {
    await insertUser(tx, 'ann', { verifiedAt: 1 })
    await insertUser(tx, 'pending', { createdAt: NOON - PENDING_ACCOUNT_LIFETIME })
    await insertChallenge(tx, 'challenge', NOON)
    await insertSession(tx, 'session', 'ann', NOON)
    await insertLimit(tx, 'limit', NOON)
    await insertDevice(tx, 'ann', 'device', NOON - DEVICE_COOKIE_LIFETIME)
    await insertOldMessage(tx, 'message', NOON - WEEK)
    await insertMails(tx, [queuedMail('mail', { createdAt: NOON - WEEK, sentAt: 1 })])
    await insertOldEvent(tx, 'event', NOON - EVENTS_KEPT)
  })
}

test('sweeps every table by the lifetimes of the policy, and says how much', async () => {
  await insertOneOfEach()
  await sweep(neverStopping, NOON - 1)
  expect(log.entries).toEqual([])
  await sweep()
  const one = { challenges: 1, sessions: 1, users: 1, limits: 1, outbox: 1, devices: 1, messages: 1, events: 1 }
  expect(counts()).toEqual(one)
  expect(await db.run((tx) => tx.select().from(users))).toMatchObject([{ id: 'ann' }])
})

test('leaves the trail and mail still owed alone while the clock has leapt a year ahead', async () => {
  await db.transaction(async (tx) => {
    await insertOldEvent(tx, 'event', NOON)
    await insertMails(tx, [queuedMail('owed', { createdAt: NOON, expiresAt: NOON + WEEK })])
  })
  await sweep(neverStopping, NOON + YEAR, NOON)
  expect(log.entries).toEqual([])
})

test('deletes what a clock that ran a year ahead dated, before it comes true, and nothing that is right', async () => {
  const [sessionEnds, linkEnds] = [NOON + SESSION_ABSOLUTE, NOON + LINK_LIFETIME.verify]
  await db.transaction(async (tx) => {
    await insertUser(tx, 'ann', { verifiedAt: 1 })
    await insertUser(tx, 'pending', { createdAt: NOON + CLOCK_TOLERANCE })
    await insertChallenge(tx, 'challenge', linkEnds + CLOCK_TOLERANCE)
    await insertSession(tx, 'session', 'ann', sessionEnds + CLOCK_TOLERANCE)
  })
  await sweep()
  expect(log.entries).toEqual([])
  await db.transaction(async (tx) => {
    await insertUser(tx, 'of then', { createdAt: NOON + YEAR })
    await insertChallenge(tx, 'of then', linkEnds + YEAR)
    await insertSession(tx, 'of then', 'ann', sessionEnds + YEAR)
  })
  await sweep()
  expect(counts()).toEqual({ challenges: 1, sessions: 1, users: 1 })
})

/** Every third is live and stands between the expired ones. */
async function insertChallenges(count: number) {
  const row = { codeHash: '', tokenHash: '', deviceHash: '', attempts: 0, remember: 0, browser: '', system: '' }
  const rows = Array.from({ length: count }, (_, n) => ({
    ...row,
    id: `c${n}`,
    purpose: 'verify',
    emailKey: '',
    expiresAt: n % 3 === 0 ? NOON + 1 : NOON - n,
    createdAt: 0,
  }))
  await db.run((tx) => tx.insert(challenges).values(rows))
}
const challengesLeft = () => db.run((tx) => tx.select({ expiresAt: challenges.expiresAt }).from(challenges))

test('takes as many batches as it needs, all that has expired and nothing else, and lets others in between', async () => {
  await insertChallenges(1_500)
  let answered = 0
  const timer = setInterval(() => {
    answered += 1
  })
  await sweep()
  clearInterval(timer)
  expect(counts()).toEqual({ challenges: 1_000 })
  expect(await challengesLeft()).toEqual(Array.from({ length: 500 }, () => ({ expiresAt: NOON + 1 })))
  expect(answered).toBeGreaterThan(0)
})

test('no transaction holds more than one batch, and what expires meanwhile is left to the next run', async () => {
  await insertChallenges(900)
  let [before, time] = [900, NOON]
  const batches: number[] = []
  const watched: Database = {
    ...db,
    run: async (work) => {
      const result = await db.run(work)
      const left = (await challengesLeft()).length
      if (left < before) batches.push(before - left)
      before = left
      time = NOON + 1
      return result
    },
    transaction: () => Promise.reject(new Error('A sweep needs no transaction of several statements.')),
  }
  const deps = { db: watched, settled: () => 0, eventsKept: EVENTS_KEPT, log }
  await deleteExpired({ ...deps, now: () => time }, neverStopping)
  expect(batches).toEqual(Array.from({ length: 600 / BATCH }, () => BATCH))
  await deleteExpired({ ...deps, now: () => time }, neverStopping)
  expect(batches).toEqual(Array.from({ length: 900 / BATCH }, () => BATCH))
})

test('stops between batches when it is told to', async () => {
  await insertOneOfEach()
  await sweep(AbortSignal.abort())
  expect(log.entries).toEqual([])
})
