import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/deps.ts'
import { sessionRow, userRow } from '../../test/rows.ts'
import type { Database, Tx } from '../client.ts'
import { users } from '../schema/tables.ts'
import { insertSession } from './sessions.ts'
import {
  confirmPassword,
  deletePendingUsers,
  deleteRivals,
  findPendingUser,
  findUser,
  findVerifiedUser,
  holdActiveUser,
  holdOwnerOfSession,
  insertUser,
  listPendingUsers,
  markVerified,
  replacePassword,
} from './users.ts'

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
const ids = async () => (await run((tx) => tx.select({ id: users.id }).from(users))).map(({ id }) => id).sort()

describe('reading', () => {
  test('a user by id, whole, or null', async () => {
    await insert(['a', { verifiedAt: 5, disabledAt: 6, createdAt: 4 }])
    expect(await run((tx) => findUser(tx, 'a'))).toEqual(userRow('a', { verifiedAt: 5, disabledAt: 6, createdAt: 4 }))
    expect(await run((tx) => findUser(tx, 'b'))).toBeNull()
  })

  test('the verified user of an address, disabled or not, or null', async () => {
    await insert(['pending', { createdAt: 9 }], ['other', { emailKey: 'bob@example.com', verifiedAt: 1 }])
    expect(await run((tx) => findVerifiedUser(tx, KEY))).toBeNull()
    await insert(['owner', { verifiedAt: 1, disabledAt: 2 }])
    expect(await run((tx) => findVerifiedUser(tx, KEY))).toEqual(userRow('owner', { verifiedAt: 1, disabledAt: 2 }))
  })

  test('the pending sign-up of this browser before any newer one, else the newest, else null', async () => {
    await insert(['owner', { verifiedAt: 1, createdAt: 9 }], ['of-bob', { emailKey: 'bob@example.com' }])
    const found = (device: string) => run((tx) => findPendingUser(tx, KEY, device))
    expect(await found('laptop')).toBeNull()
    await insert(
      ['mine', { deviceHash: 'laptop', createdAt: 1 }],
      ['newest', { deviceHash: 'phone', createdAt: 3 }],
      ['newer', { deviceHash: 'tablet', createdAt: 2 }],
    )
    expect(await found('laptop')).toEqual(userRow('mine', { createdAt: 1 }))
    expect((await found('nobody'))?.id).toBe('newest')
  })

  test('the pending sign-ups of an address, oldest first', async () => {
    await insert(
      ['young', { createdAt: 3, deviceHash: 'phone' }],
      ['old', { createdAt: 1 }],
      ['owner', { createdAt: 2, verifiedAt: 2 }],
      ['of-bob', { createdAt: 2, emailKey: 'bob@example.com' }],
    )
    expect(await run((tx) => listPendingUsers(tx, KEY))).toEqual([
      { id: 'old', deviceHash: 'laptop', createdAt: 1 },
      { id: 'young', deviceHash: 'phone', createdAt: 3 },
    ])
  })
})

describe('deleting', () => {
  test('takes pending sign-ups by id and never an account', async () => {
    await insert(['a'], ['b'], ['owner', { verifiedAt: 1 }])
    await run((tx) => deletePendingUsers(tx, ['a', 'owner']))
    expect(await ids()).toEqual(['b', 'owner'])
  })

  test('takes the rivals of a winner: the other pending sign-ups of its address', async () => {
    await insert(['winner'], ['rival'], ['owner', { verifiedAt: 1 }], ['of-bob', { emailKey: 'bob@example.com' }])
    await run((tx) => deleteRivals(tx, KEY, 'winner'))
    expect(await ids()).toEqual(['of-bob', 'owner', 'winner'])
  })
})

describe('markVerified', () => {
  const mark = (id: string) => run((tx) => markVerified(tx, id, 7))

  test('makes a pending sign-up an account, once', async () => {
    await insert(['a'], ['b'])
    expect(await mark('a')).toEqual(userRow('a', { verifiedAt: 7 }))
    expect(await mark('a')).toBeNull()
    expect((await run((tx) => findUser(tx, 'b')))?.verifiedAt).toBeNull()
  })

  test('refuses where the address is taken by now, and not for another address that is', async () => {
    await insert(['a'], ['owner', { verifiedAt: 1 }], ['of-bob', { emailKey: 'bob@example.com' }])
    expect(await mark('a')).toBeNull()
    expect(await mark('of-bob')).toMatchObject({ id: 'of-bob', verifiedAt: 7 })
  })

  test('refuses the disabled and the unknown', async () => {
    await insert(['a', { disabledAt: 1 }])
    expect([await mark('a'), await mark('b')]).toEqual([null, null])
  })
})

describe('what only an active account is given', () => {
  const writes = {
    confirmPassword: (tx: Tx, id: string) => confirmPassword(tx, id, `hash of ${id}`, 'new hash'),
    replacePassword: (tx: Tx, id: string) => replacePassword(tx, id, 'new hash'),
    holdActiveUser,
  }

  test.each(Object.entries(writes))('%s: not one that is pending, disabled or unknown', async (name, write) => {
    await insert(
      ['active', { verifiedAt: 1 }],
      ['pending', { emailKey: 'b' }],
      ['disabled', { verifiedAt: 1, disabledAt: 2, emailKey: 'c' }],
    )
    const passwordHash = name === 'holdActiveUser' ? 'hash of active' : 'new hash'
    expect(await run((tx) => write(tx, 'active'))).toEqual(userRow('active', { verifiedAt: 1, passwordHash }))
    for (const id of ['pending', 'disabled', 'unknown']) expect(await run((tx) => write(tx, id))).toBeNull()
    const disabled = userRow('disabled', { verifiedAt: 1, disabledAt: 2, emailKey: 'c' })
    expect(await run((tx) => findUser(tx, 'disabled'))).toEqual(disabled)
    expect((await run((tx) => findUser(tx, 'pending')))?.passwordHash).toBe('hash of pending')
  })

  test('holdOwnerOfSession: the account of that session, disabled or not, and unchanged', async () => {
    await insert(['a', { verifiedAt: 1, disabledAt: 2 }], ['b', { verifiedAt: 1, emailKey: 'b' }])
    await run((tx) => insertSession(tx, sessionRow('one', 'a')))
    const owner = userRow('a', { verifiedAt: 1, disabledAt: 2 })
    expect(await run((tx) => holdOwnerOfSession(tx, 'token of one'))).toEqual(owner)
    expect(await run((tx) => findUser(tx, 'a'))).toEqual(owner)
    expect(await run((tx) => holdOwnerOfSession(tx, 'token of two'))).toBeNull()
  })

  test('confirmPassword: not one whose password is another by now', async () => {
    await insert(['a', { verifiedAt: 1 }])
    expect(await run((tx) => confirmPassword(tx, 'a', 'an older hash', 'new hash'))).toBeNull()
    expect((await run((tx) => findUser(tx, 'a')))?.passwordHash).toBe('hash of a')
  })
})
