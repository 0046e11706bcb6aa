import { expect, test } from 'vitest'
import { testDatabase } from '../../test/deps.ts'
import { events } from '../schema/tables.ts'
import { insertEvent } from './events.ts'
import { readAnything } from './health.ts'

const event = (id: string, at: number) => ({
  id,
  type: 'signin',
  outcome: 'ok',
  userId: 'ann',
  emailKey: 'ann@example.com',
  ip: '192.0.2.1',
  deviceHash: 'laptop',
  userAgent: 'Test/1.0',
  requestId: 'request',
  at,
})

test('the trail keeps every event as it was told', async () => {
  const db = await testDatabase()
  for (const row of [event('a', 1), event('b', 2)]) await db.run((tx) => insertEvent(tx, row))
  expect(await db.run((tx) => tx.select().from(events).orderBy(events.at))).toEqual([event('a', 1), event('b', 2)])
  await db.close()
})

test('the question of health reads a table: with none to read it fails', async () => {
  const db = await testDatabase()
  await expect(db.run(readAnything)).resolves.toBeUndefined()
  await db.execute('alter table limits rename to elsewhere')
  await expect(db.run(readAnything)).rejects.toThrow()
  await db.close()
})
