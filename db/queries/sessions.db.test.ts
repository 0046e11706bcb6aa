import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/deps.ts'
import { sessionRow, userRow } from '../../test/rows.ts'
import type { Database, Tx } from '../client.ts'
import { sessions } from '../schema/tables.ts'
import {
  deleteOldestSessions,
  deleteSession,
  deleteSessionsAmong,
  deleteSessionsOfUser,
  findSession,
  insertSession,
  listSessionsOfUser,
  touchSession,
} from './sessions.ts'
import { insertUser } from './users.ts'

let db: Database
beforeEach(async () => {
  db = await testDatabase()
  await db.transaction(async (tx) => {
    await insertUser(tx, userRow('ann', { verifiedAt: 1 }))
    await insertUser(tx, userRow('bob', { verifiedAt: 1, emailKey: 'bob@example.com' }))
    await insertUser(tx, userRow('cid', { verifiedAt: 1, disabledAt: 2, emailKey: 'cid@example.com' }))
  })
})
afterEach(() => db.close())

const run = <T>(query: (tx: Tx) => Promise<T>) => db.run(query)
const insert = (...rows: Parameters<typeof sessionRow>[]) =>
  db.transaction(async (tx) => {
    for (const row of rows) await insertSession(tx, sessionRow(...row))
  })
const ids = async () => (await run((tx) => tx.select({ id: sessions.id }).from(sessions))).map(({ id }) => id).sort()

describe('findSession', () => {
  const found = (id: string, now: number) => run((tx) => findSession(tx, `token of ${id}`, now))

  test('gives session and owner until it expires, and of both nothing that a thief could use', async () => {
    await insert(['a', 'ann'], ['b', 'bob'])
    expect(await found('a', 99)).toEqual({
      session: { id: 'a', createdAt: 0, lastSeenAt: 0, idleLifetime: 100, expiresAt: 100, absoluteExpiresAt: 1_000 },
      user: { id: 'ann', email: 'Ann@example.com', verifiedAt: 1 },
    })
    expect(await found('a', 100)).toBeNull()
    expect(await found('x', 0)).toBeNull()
  })

  test('gives none of a disabled account', async () => {
    await insert(['c', 'cid'])
    expect(await found('c', 0)).toBeNull()
  })
})

test('listSessionsOfUser gives those of one account that have not expired, the last used first, and no proof of any', async () => {
  await insert(
    ['a', 'ann', { lastSeenAt: 10 }],
    ['tied', 'ann', { lastSeenAt: 10 }],
    ['newest', 'ann', { lastSeenAt: 20, ip: '192.0.2.9', userAgent: 'Other/2.0' }],
    ['ended', 'ann', { lastSeenAt: 30, expiresAt: 50 }],
    ['of-bob', 'bob', { lastSeenAt: 40 }],
  )
  const listed = await run((tx) => listSessionsOfUser(tx, 'ann', 50))
  expect(listed.map(({ id }) => id)).toEqual(['newest', 'tied', 'a'])
  const times = { createdAt: 0, lastSeenAt: 20, idleLifetime: 100, expiresAt: 100, absoluteExpiresAt: 1_000 }
  expect(listed[0]).toEqual({ id: 'newest', ...times, ip: '192.0.2.9', userAgent: 'Other/2.0' })
})

describe('touchSession', () => {
  const touch = (id: string, now: number, seenBefore: number) => run((tx) => touchSession(tx, id, now, 150, seenBefore))
  const row = async (id: string) => (await run((tx) => tx.select().from(sessions))).find((session) => session.id === id)

  test('writes the use and the new end, to this session alone', async () => {
    await insert(['a', 'ann', { lastSeenAt: 10 }], ['b', 'ann', { lastSeenAt: 10 }])
    await touch('a', 50, 11)
    expect(await row('a')).toEqual(sessionRow('a', 'ann', { lastSeenAt: 50, expiresAt: 150 }))
    expect(await row('b')).toEqual(sessionRow('b', 'ann', { lastSeenAt: 10 }))
  })

  test('writes nothing when another request was quicker, or the session has ended', async () => {
    await insert(['a', 'ann', { lastSeenAt: 10 }])
    await touch('a', 50, 10)
    await touch('a', 100, 11)
    expect(await row('a')).toEqual(sessionRow('a', 'ann', { lastSeenAt: 10 }))
  })
})

test('deleteSession gives back the one that ended, once, and leaves the others', async () => {
  await insert(['a', 'ann'], ['b', 'ann'])
  expect(await run((tx) => deleteSession(tx, 'token of a'))).toMatchObject({ userId: 'ann', expiresAt: 100 })
  expect(await run((tx) => deleteSession(tx, 'token of a'))).toBeNull()
  expect(await ids()).toEqual(['b'])
})

test('deleteSessionsOfUser ends all of one account', async () => {
  await insert(['a', 'ann'], ['b', 'ann'], ['c', 'bob'])
  await run((tx) => deleteSessionsOfUser(tx, 'ann'))
  expect(await ids()).toEqual(['c'])
})

test('deleteSessionsAmong ends the live ones named, of this account alone, save for one, and counts them', async () => {
  await insert(
    ['named', 'ann'],
    ['also', 'ann'],
    ['kept', 'ann'],
    ['asks', 'ann'],
    ['ended', 'ann', { expiresAt: 50 }],
    ['of-bob', 'bob'],
  )
  const named = ['named', 'also', 'named', 'asks', 'ended', 'of-bob', 'nobodys']
  expect(await run((tx) => deleteSessionsAmong(tx, 'ann', named, 'asks', 50))).toBe(2)
  expect(await ids()).toEqual(['asks', 'ended', 'kept', 'of-bob'])
  expect(await run((tx) => deleteSessionsAmong(tx, 'ann', named, 'asks', 50))).toBe(0)
})

describe('deleteOldestSessions', () => {
  test('keeps the newest of this account, by time and then by id', async () => {
    await insert(
      ['oldest', 'ann', { createdAt: 1 }],
      ['tied-a', 'ann', { createdAt: 2 }],
      ['tied-b', 'ann', { createdAt: 2 }],
      ['newest', 'ann', { createdAt: 3 }],
      ['not-yet', 'ann', { createdAt: 4 }],
      ['of-bob', 'bob', { createdAt: 0 }],
    )
    await run((tx) => deleteOldestSessions(tx, 'ann', 2, 3))
    expect(await ids()).toEqual(['newest', 'of-bob', 'tied-b'])
  })

  test('leaves alone an account with no more than it may have', async () => {
    await insert(['a', 'ann'], ['b', 'ann'])
    await run((tx) => deleteOldestSessions(tx, 'ann', 2, 3))
    expect(await ids()).toEqual(['a', 'b'])
  })
})
