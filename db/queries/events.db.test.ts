import { expect, test } from 'vitest'
import { testDatabase } from '../../test/deps.ts'
import { events } from '../schema/tables.ts'
import { countNewestEvents, insertEvent } from './events.ts'
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

test('the newest are counted by what they say, no further back than told and no more of them', async () => {
  const db = await testDatabase()
  const rows = [event('a', 1), event('b', 2), { ...event('c', 3), outcome: 'disabled' }, event('d', 4)]
  for (const row of rows) await db.run((tx) => insertEvent(tx, row))
  const counted = async (after: number, atMost: number) => {
    const kinds = await db.run((tx) => countNewestEvents(tx, { after, atMost }))
    return kinds.map(({ type, outcome, count }) => `${type} ${outcome} ${count}`).toSorted()
  }
  expect(await counted(0, 10)).toEqual(['signin disabled 1', 'signin ok 3'])
  expect(await counted(1, 10)).toEqual(['signin disabled 1', 'signin ok 2'])
  expect(await counted(0, 2)).toEqual(['signin disabled 1', 'signin ok 1'])
  expect(await counted(4, 10)).toEqual([])
  await db.close()
})

test('the question of health reads a table: with none to read it fails', async () => {
  const db = await testDatabase()
  await expect(db.read(readAnything)).resolves.toBeUndefined()
  await db.execute('alter table limits rename to elsewhere')
  await expect(db.read(readAnything)).rejects.toThrow()
  await db.close()
})
