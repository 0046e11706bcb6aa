import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/deps.ts'
import {
  insertChallenge,
  insertDevice,
  insertLimit,
  insertOldMessage,
  insertSession,
  insertUser,
} from '../../test/mail/expiring-rows.ts'
import { insertMails, queuedMail } from '../../test/mail/queued-mail.ts'
import type { Database, Tx } from '../client.ts'
import { challenges, devices, events, limits, messages, outbox, sessions, users } from '../schema/tables.ts'
import { insertEvent } from './events.ts'
import {
  type Deleted,
  deleteEndedLimits,
  deleteExpiredChallenges,
  deleteExpiredSessions,
  deleteFinishedMail,
  deleteOldEvents,
  deleteOldMessages,
  deletePendingSignups,
  deleteUnusedDevices,
  type Slice,
} from './expired.ts'

const NOW = 1_000

let db: Database
beforeEach(async () => {
  db = await testDatabase()
})
afterEach(() => db.close())

const insert = (...rows: ((tx: Tx) => Promise<unknown>)[]) =>
  db.transaction(async (tx) => {
    for (const row of rows) await row(tx)
  })
const deletedBy = (deleteSlice: (tx: Tx, slice: Slice) => Promise<Deleted>, from = 0) =>
  db.run((tx) => deleteSlice(tx, { from, until: NOW, count: 10 }))
const swept = async (deleteSlice: (tx: Tx, slice: Slice) => Promise<Deleted>) => (await deletedBy(deleteSlice)).count
const challengeIds = () => db.run(async (tx) => (await tx.select().from(challenges)).map(({ id }) => id).sort())

describe('what is over goes, what is not stays', () => {
  test('challenges', async () => {
    await insert(
      (tx) => insertChallenge(tx, 'over', NOW),
      (tx) => insertChallenge(tx, 'live', NOW + 1),
    )
    expect(await swept(deleteExpiredChallenges)).toBe(1)
    expect(await challengeIds()).toEqual(['live'])
  })

  test('sessions that have rested too long', async () => {
    await insert(
      (tx) => insertUser(tx, 'ann', { verifiedAt: 1 }),
      (tx) => insertSession(tx, 'over', 'ann', NOW, NOW + 9),
      (tx) => insertSession(tx, 'live', 'ann', NOW + 1, NOW + 1),
    )
    expect(await swept(deleteExpiredSessions)).toBe(1)
    expect(await db.run((tx) => tx.select().from(sessions))).toMatchObject([{ id: 'live' }])
  })

  test('sign-ups nobody confirmed, with their challenges', async () => {
    await insert(
      (tx) => insertUser(tx, 'pending', { createdAt: NOW }),
      (tx) => insertUser(tx, 'young', { createdAt: NOW + 1 }),
      (tx) => insertUser(tx, 'verified', { createdAt: 1, verifiedAt: 2 }),
      (tx) => insertChallenge(tx, 'of-pending', NOW + 9, 'pending'),
      (tx) => insertChallenge(tx, 'of-young', NOW + 9, 'young'),
    )
    expect(await swept(deletePendingSignups)).toBe(1)
    const left = await db.run((tx) => tx.select().from(users))
    expect(left.map(({ id }) => id).sort()).toEqual(['verified', 'young'])
    expect(await challengeIds()).toEqual(['of-young'])
  })

  test('counters, once neither window nor wait counts', async () => {
    await insert(
      (tx) => insertLimit(tx, 'over', NOW, NOW),
      (tx) => insertLimit(tx, 'counting', NOW + 1),
      (tx) => insertLimit(tx, 'waiting', NOW, NOW + 1),
    )
    expect(await swept(deleteEndedLimits)).toBe(1)
    const left = await db.run((tx) => tx.select().from(limits))
    expect(left.map(({ key }) => key).sort()).toEqual(['counting', 'waiting'])
  })

  test('mail that has gone or was given up, and none that is owed', async () => {
    const rows = [
      queuedMail('sent', { createdAt: NOW, sentAt: 1 }),
      queuedMail('parked', { createdAt: NOW, failedAt: 1 }),
      queuedMail('owed', { createdAt: 1 }),
      queuedMail('just-sent', { createdAt: NOW + 1, sentAt: 1 }),
    ]
    await insert((tx) => insertMails(tx, rows))
    expect(await swept(deleteFinishedMail)).toBe(2)
    const left = await db.run((tx) => tx.select().from(outbox))
    expect(left.map(({ id }) => id).sort()).toEqual(['just-sent', 'owed'])
  })

  test('devices nobody signs in with', async () => {
    await insert(
      (tx) => insertUser(tx, 'ann', { verifiedAt: 1 }),
      (tx) => insertDevice(tx, 'ann', 'old', NOW),
      (tx) => insertDevice(tx, 'ann', 'new', NOW + 1),
    )
    expect(await swept(deleteUnusedDevices)).toBe(1)
    expect(await db.run((tx) => tx.select().from(devices))).toMatchObject([{ deviceHash: 'new' }])
  })

  test('events of the trail', async () => {
    const event = { type: 'signin', outcome: 'ok', ip: '', deviceHash: '', userAgent: '', requestId: '' }
    await insert(
      (tx) => insertEvent(tx, { ...event, id: 'old', at: NOW }),
      (tx) => insertEvent(tx, { ...event, id: 'young', at: NOW + 1 }),
    )
    expect(await swept(deleteOldEvents)).toBe(1)
    expect((await db.run((tx) => tx.select().from(events))).map(({ id }) => id)).toEqual(['young'])
  })

  test('messages of the mailbox', async () => {
    await insert(
      (tx) => insertOldMessage(tx, 'old', NOW),
      (tx) => insertOldMessage(tx, 'new', NOW + 1),
    )
    expect(await swept(deleteOldMessages)).toBe(1)
    expect(await db.run((tx) => tx.select().from(messages))).toMatchObject([{ id: 'new' }])
  })
})

test('one statement takes no more than it is allowed', async () => {
  await insert(...Array.from({ length: 25 }, (_, index) => (tx: Tx) => insertChallenge(tx, `c${index}`, NOW)))
  const deleted = []
  for (let round = 0; round < 4; round++) deleted.push(await swept(deleteExpiredChallenges))
  expect(deleted).toEqual([10, 10, 5, 0])
})

test('of one account with many browsers too', async () => {
  await insert(
    (tx) => insertUser(tx, 'ann', { verifiedAt: 1 }),
    ...Array.from({ length: 25 }, (_, index) => (tx: Tx) => insertDevice(tx, 'ann', `device ${index}`, index)),
  )
  expect(await deletedBy(deleteUnusedDevices)).toEqual({ count: 10, upTo: 9 })
  expect(await db.run((tx) => tx.select().from(devices))).toHaveLength(15)
})

test('the oldest go first, and the next slice starts where this one ended', async () => {
  await insert(...Array.from({ length: 25 }, (_, index) => (tx: Tx) => insertChallenge(tx, `c${index}`, 100 - index)))
  const first = await deletedBy(deleteExpiredChallenges)
  expect(first).toEqual({ count: 10, upTo: 85 })
  expect(await deletedBy(deleteExpiredChallenges, first.upTo)).toEqual({ count: 10, upTo: 95 })
  expect(await challengeIds()).toEqual(['c0', 'c1', 'c2', 'c3', 'c4'])
  expect(await deletedBy(deleteExpiredChallenges, 101)).toEqual({ count: 0, upTo: 101 })
})

test('several that sweep at once delete each row once', async () => {
  await insert(...Array.from({ length: 40 }, (_, index) => (tx: Tx) => insertChallenge(tx, `c${index}`, NOW)))
  let total = 0
  for (let round = 0; total < 40 && round < 20; round++)
    for (const deleted of await Promise.all(Array.from({ length: 4 }, () => swept(deleteExpiredChallenges))))
      total += deleted
  expect(total).toBe(40)
  expect(await challengeIds()).toEqual([])
})
