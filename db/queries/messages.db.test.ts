import { afterEach, beforeEach, expect, test } from 'vitest'
import { testDatabase } from '../../test/deps.ts'
import type { Database, Tx } from '../client.ts'
import {
  deleteAllMessages,
  deleteOldestMessages,
  insertMessage,
  type MessageRow,
  selectMessage,
  selectMessages,
} from './messages.ts'

let db: Database
beforeEach(async () => {
  db = await testDatabase()
})
afterEach(() => db.close())

const run = <T>(query: (tx: Tx) => Promise<T>) => db.run(query)
const message = (id: string, createdAt: number, recipient = 'Ann@example.com'): MessageRow => ({
  id,
  recipient,
  subject: `Subject of ${id}`,
  html: '<p>Hello</p>',
  text: 'Hello',
  createdAt,
})
const insert = (...rows: MessageRow[]) =>
  db.transaction(async (tx) => {
    for (const row of rows) await insertMessage(tx, row)
  })
const ids = async (to?: string) => (await run((tx) => selectMessages(tx, to))).map(({ id }) => id)

test('all messages, or those to one address in any case, newest first and ties by id', async () => {
  await insert(message('a', 1), message('c', 2), message('b', 2, 'bob@example.com'), message('d', 2))
  expect(await ids()).toEqual(['d', 'c', 'b', 'a'])
  expect(await ids('ANN@EXAMPLE.COM')).toEqual(['d', 'c', 'a'])
  expect(await run((tx) => selectMessages(tx, 'bob@example.com'))).toEqual([message('b', 2, 'bob@example.com')])
})

test('one message by id, or null', async () => {
  await insert(message('a', 1), message('b', 2))
  expect(await run((tx) => selectMessage(tx, 'a'))).toEqual(message('a', 1))
  expect(await run((tx) => selectMessage(tx, 'x'))).toBeNull()
})

test('a message that is already there stays as it is', async () => {
  await insert(message('a', 1), { ...message('a', 2), subject: 'Again' })
  expect(await run((tx) => selectMessages(tx))).toEqual([message('a', 1)])
})

test('the newest are kept, ties by id', async () => {
  await insert(message('a', 1), message('b', 2), message('c', 2), message('d', 3))
  await run((tx) => deleteOldestMessages(tx, 2))
  expect(await ids()).toEqual(['d', 'c'])
  await run((tx) => deleteOldestMessages(tx, 2))
  expect(await ids()).toEqual(['d', 'c'])
})

test('all can be deleted', async () => {
  await insert(message('a', 1), message('b', 2))
  await run(deleteAllMessages)
  expect(await ids()).toEqual([])
})
