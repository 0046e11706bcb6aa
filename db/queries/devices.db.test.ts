import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/deps.ts'
import { userRow } from '../../test/rows.ts'
import type { Database, Tx } from '../client.ts'
import { devices } from '../schema/tables.ts'
import { forgetOldestDevices, isKnownDevice, rememberDevice } from './devices.ts'
import { holdActiveUser, insertUser } from './users.ts'

const KEY = 'ann@example.com'

let db: Database
beforeEach(async () => {
  db = await testDatabase()
})
afterEach(() => db.close())

const insert = (...rows: Parameters<typeof userRow>[]) =>
  db.transaction(async (tx) => {
    for (const row of rows) await insertUser(tx, userRow(...row))
  })
const run = <T>(query: (tx: Tx) => Promise<T>) => db.run(query)
const known = (device: string, emailKey = KEY) => run((tx) => isKnownDevice(tx, emailKey, device))
const remember = (userId: string, deviceHash: string, lastSignedInAt: number) =>
  run((tx) => rememberDevice(tx, { userId, deviceHash, lastSignedInAt }))

test('browsers are known to the verified account they signed in to, and to no other', async () => {
  await insert(
    ['owner', { verifiedAt: 1 }],
    ['bob', { verifiedAt: 1, emailKey: 'bob@example.com' }],
    ['pending', { emailKey: 'cid@example.com' }],
  )
  await remember('owner', 'laptop', 1)
  await remember('pending', 'laptop', 1)
  expect(await known('laptop')).toBe(true)
  expect(await known('phone')).toBe(false)
  expect(await known('laptop', 'bob@example.com')).toBe(false)
  expect(await known('laptop', 'cid@example.com')).toBe(false)
})

test('browsers are remembered once, with the last time', async () => {
  await insert(['owner', { verifiedAt: 1 }])
  for (const time of [1, 2]) await remember('owner', 'laptop', time)
  await remember('owner', 'phone', 1)
  const rows = await run((tx) => tx.select().from(devices).orderBy(devices.deviceHash))
  expect(rows).toEqual([
    { userId: 'owner', deviceHash: 'laptop', lastSignedInAt: 2 },
    { userId: 'owner', deviceHash: 'phone', lastSignedInAt: 1 },
  ])
})

describe('forgetOldestDevices', () => {
  const NOW = 1_000
  const forget = (deviceHash: string, keep: number) =>
    run((tx) => forgetOldestDevices(tx, 'owner', deviceHash, keep, NOW))
  const left = async (userId = 'owner') => {
    const rows = await run((tx) => tx.select().from(devices).orderBy(devices.deviceHash))
    return rows.filter((row) => row.userId === userId).map(({ deviceHash }) => deviceHash)
  }
  beforeEach(() => insert(['owner', { verifiedAt: 1 }], ['bob', { verifiedAt: 1, emailKey: 'bob@example.com' }]))

  test('keeps those that signed in last, and touches no other account', async () => {
    for (const [index, device] of ['d', 'b', 'a', 'c'].entries()) await remember('owner', device, index)
    for (const device of ['x', 'y', 'z']) await remember('bob', device, 1)
    await forget('c', 4)
    expect(await left()).toEqual(['a', 'b', 'c', 'd'])
    await forget('c', 2)
    expect(await left()).toEqual(['a', 'c'])
    expect(await left('bob')).toEqual(['x', 'y', 'z'])
  })

  test('never the one that signs in now, be it the oldest by a clock that was set back', async () => {
    for (const device of ['a', 'b', 'c']) await remember('owner', device, 5)
    await remember('owner', 'now', 1)
    await forget('now', 2)
    expect(await left()).toEqual(['c', 'now'])
    await forget('now', 1)
    expect(await left()).toEqual(['now'])
  })

  test('those of a clock that ran ahead go first', async () => {
    for (const device of ['ahead', 'further']) await remember('owner', device, NOW + device.length)
    for (const device of ['older', 'latest']) await remember('owner', device, device === 'latest' ? NOW : 1)
    await remember('owner', 'now', NOW)
    await forget('now', 3)
    expect(await left()).toEqual(['latest', 'now', 'older'])
  })

  test('sign-ins side by side leave as many as are kept, and each is known until another pushes it out', async () => {
    const signIn = (n: number) =>
      db.transaction(async (tx) => {
        await holdActiveUser(tx, 'owner')
        await rememberDevice(tx, { userId: 'owner', deviceHash: `device ${n}`, lastSignedInAt: n })
        await forgetOldestDevices(tx, 'owner', `device ${n}`, 3, NOW)
        const rows = await tx.select().from(devices)
        return { count: rows.length, kept: rows.some(({ deviceHash }) => deviceHash === `device ${n}`) }
      })
    const seen = await Promise.all(Array.from({ length: 30 }, (_, n) => signIn(n)))
    for (const { count, kept } of seen) expect([count <= 3, kept]).toEqual([true, true])
    expect(await left()).toHaveLength(3)
  })
})
