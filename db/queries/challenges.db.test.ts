import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/deps.ts'
import { challengeRow, userRow } from '../../test/rows.ts'
import type { Database, Tx } from '../client.ts'
import { challenges } from '../schema/tables.ts'
import {
  consumeChallenge,
  consumeLink,
  countAttempt,
  countLiveChallenges,
  deleteChallenges,
  deleteOldestOfDevice,
  deleteOtherChallenges,
  findChallenge,
  findNewestChallenge,
  giveAttemptBack,
  insertChallenge,
} from './challenges.ts'
import { insertUser } from './users.ts'

const KEY = 'ann@example.com'

let db: Database
beforeEach(async () => {
  db = await testDatabase()
})
afterEach(() => db.close())

const run = <T>(query: (tx: Tx) => Promise<T>) => db.run(query)
const insert = (...rows: Parameters<typeof challengeRow>[]) =>
  db.transaction(async (tx) => {
    for (const row of rows) await insertChallenge(tx, challengeRow(...row))
  })
const find = (id: string) => run((tx) => findChallenge(tx, id))
const ids = async () => (await run((tx) => tx.select().from(challenges))).map(({ id }) => id).sort()

test('findChallenge gives the one of an id, or null', async () => {
  await insert(['a'], ['b'])
  expect(await find('a')).toEqual(challengeRow('a'))
  expect(await find('x')).toBeNull()
})

describe('a try', () => {
  const attempt = (id: string, now = 99) => run((tx) => countAttempt(tx, id, ['verify', 'reset'], now, 2))

  test('is counted as often as there are tries, on this challenge alone', async () => {
    await insert(['a'], ['b'])
    expect(await attempt('a')).toEqual(challengeRow('a', { attempts: 1 }))
    expect(await attempt('a')).toEqual(challengeRow('a', { attempts: 2 }))
    expect(await attempt('a')).toBeNull()
    expect((await find('a'))?.attempts).toBe(2)
    expect((await find('b'))?.attempts).toBe(0)
  })

  test('is refused to the expired, the consumed, and to what has another purpose', async () => {
    await insert(['used', { consumedAt: 1 }], ['sign-in', { purpose: 'sign-in' }], ['live'])
    expect([await attempt('used'), await attempt('sign-in'), await attempt('live', 100)]).toEqual([null, null, null])
  })

  test('is given back, never below none', async () => {
    await insert(['a', { attempts: 1 }], ['b', { attempts: 1 }])
    for (let time = 0; time < 2; time++) await run((tx) => giveAttemptBack(tx, 'a'))
    expect((await find('a'))?.attempts).toBe(0)
    expect((await find('b'))?.attempts).toBe(1)
  })
})

describe.each([
  ['consumeChallenge', consumeChallenge, { consumedAt: 99 }],
  ['consumeLink', consumeLink, { linkUsedAt: 99 }],
] as const)('%s', (_, consume, consumed) => {
  test('is true once, and writes when', async () => {
    await insert(['a'], ['b'])
    expect(await run((tx) => consume(tx, 'a', 99))).toBe(true)
    expect(await find('a')).toEqual(challengeRow('a', consumed))
    expect(await run((tx) => consume(tx, 'a', 99))).toBe(false)
    expect(await find('b')).toEqual(challengeRow('b'))
  })

  test('is false for the expired and the consumed', async () => {
    await insert(['expired'], ['used', { consumedAt: 1 }])
    expect(await run((tx) => consume(tx, 'expired', 100))).toBe(false)
    expect(await run((tx) => consume(tx, 'used', 2))).toBe(false)
  })
})

test('a used link leaves the code to be consumed', async () => {
  await insert(['a', { linkUsedAt: 1 }])
  expect(await run((tx) => consumeChallenge(tx, 'a', 99))).toBe(true)
})

const MADE = { after: 5, until: 10 }
/** Beside `live`, one row for each reason not to be counted with it. */
const ONE_LIVE = [
  ['live', { createdAt: 6 }],
  ['old', { createdAt: 5 }],
  ['not-yet', { createdAt: 11 }],
  ['used', { createdAt: 6, consumedAt: 7 }],
  ['other-purpose', { createdAt: 6, purpose: 'reset' }],
  ['of-bob', { createdAt: 6, emailKey: 'bob@example.com' }],
] as Parameters<typeof challengeRow>[]

test('countLiveChallenges counts those of one address and purpose, decoys too, that are young and unused', async () => {
  const live = () => run((tx) => countLiveChallenges(tx, KEY, 'verify', MADE))
  expect(await live()).toBe(0)
  await insert(...ONE_LIVE)
  expect(await live()).toBe(1)
  await insert(['another', { createdAt: 9, deviceHash: 'phone' }])
  expect(await live()).toBe(2)
})

describe('deleteOldestOfDevice', () => {
  const makeRoom = (device: string) => run((tx) => deleteOldestOfDevice(tx, KEY, 'verify', device, MADE))

  test('deletes the oldest live one of this browser', async () => {
    await insert(['newer', { createdAt: 8 }], ...ONE_LIVE, ['of-phone', { createdAt: 6, deviceHash: 'phone' }])
    expect(await makeRoom('laptop')).toBe(true)
    expect(await ids()).toEqual(['newer', 'not-yet', 'of-bob', 'of-phone', 'old', 'other-purpose', 'used'])
  })

  test('says when there was none, and deletes none', async () => {
    await insert(...ONE_LIVE)
    expect(await makeRoom('phone')).toBe(false)
    expect(await ids()).toHaveLength(ONE_LIVE.length)
  })
})

test('findNewestChallenge gives the newest that this browser can still answer for this sign-up, or null', async () => {
  await db.transaction(async (tx) => {
    for (const id of ['ann', 'bob']) await insertUser(tx, userRow(id))
  })
  const newest = () => run((tx) => findNewestChallenge(tx, 'ann', 'laptop', MADE))
  await insert(
    ['old', { userId: 'ann', createdAt: 5 }],
    ['not-yet', { userId: 'ann', createdAt: 11 }],
    ['used', { userId: 'ann', createdAt: 9, consumedAt: 9 }],
    ['of-phone', { userId: 'ann', createdAt: 9, deviceHash: 'phone' }],
    ['of-bob', { userId: 'bob', createdAt: 9 }],
  )
  expect(await newest()).toBeNull()
  await insert(['first', { userId: 'ann', createdAt: 6 }], ['second', { userId: 'ann', createdAt: 7 }])
  expect(await newest()).toEqual({ id: 'second', createdAt: 7 })
})

test('deleteChallenges clears those of one address, of all purposes', async () => {
  await insert(['one'], ['reset', { purpose: 'reset' }], ['of-bob', { emailKey: 'bob@example.com' }])
  await run((tx) => deleteChallenges(tx, KEY))
  expect(await ids()).toEqual(['of-bob'])
})

describe('deleteOtherChallenges', () => {
  const rows = [['won'], ['rival'], ['reset', { purpose: 'reset' }], ['of-bob', { emailKey: 'bob@example.com' }]]
  beforeEach(() => insert(...(rows as Parameters<typeof challengeRow>[])))

  test('of one purpose', async () => {
    await run((tx) => deleteOtherChallenges(tx, KEY, 'won', 'verify'))
    expect(await ids()).toEqual(['of-bob', 'reset', 'won'])
  })

  test('of all purposes', async () => {
    await run((tx) => deleteOtherChallenges(tx, KEY, 'won'))
    expect(await ids()).toEqual(['of-bob', 'won'])
  })
})
