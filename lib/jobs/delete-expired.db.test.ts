import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '#db/client'
import { challenges, users } from '#db/schema/tables'
import { DEVICE_COOKIE_LIFETIME, PENDING_ACCOUNT_LIFETIME } from '#lib/auth/policy'
import { NOON, testDatabase } from '../../test/deps.ts'
import {
  insertChallenge,
  insertDevice,
  insertLimit,
  insertOldMessage,
  insertSession,
  insertUser,
} from '../../test/mail/expiring-rows.ts'
import { recordingLog } from '../../test/mail/job-log.ts'
import { insertMails, queuedMail } from '../../test/mail/queued-mail.ts'
import { deleteExpired } from './delete-expired.ts'

const WEEK = 7 * 24 * 60 * 60_000
const neverStopping = new AbortController().signal

let db: Database
let log: ReturnType<typeof recordingLog>
beforeEach(async () => {
  db = await testDatabase()
  log = recordingLog()
})
afterEach(() => db.close())

const sweep = (stopping = neverStopping, now = NOON) => deleteExpired({ db, now: () => now, log }, stopping)
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
  })
}

test('sweeps every table by the lifetimes of the policy, and says how much', async () => {
  await insertOneOfEach()
  await sweep(neverStopping, NOON - 1)
  expect(log.entries).toEqual([])
  await sweep()
  expect(counts()).toEqual({ challenges: 1, sessions: 1, users: 1, limits: 1, outbox: 1, devices: 1, messages: 1 })
  expect(await db.run((tx) => tx.select().from(users))).toMatchObject([{ id: 'ann' }])
})

test('takes as many batches as it needs, and lets others in between', async () => {
  const row = (id: number) => ({ codeHash: '', tokenHash: '', deviceHash: '', attempts: 0, remember: 0, id: `c${id}` })
  const rest = { purpose: 'verify', emailKey: '', expiresAt: NOON, createdAt: 0, browser: '', system: '' }
  const rows = Array.from({ length: 1_250 }, (_, id) => ({ ...row(id), ...rest }))
  await db.run((tx) => tx.insert(challenges).values(rows))
  let answered = 0
  const timer = setInterval(() => {
    answered += 1
  })
  await sweep()
  clearInterval(timer)
  expect(counts()).toEqual({ challenges: 1_250 })
  expect(answered).toBeGreaterThan(0)
})

test('stops between batches when it is told to', async () => {
  await insertOneOfEach()
  await sweep(AbortSignal.abort())
  expect(log.entries).toEqual([])
})
