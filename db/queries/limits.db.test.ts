import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/deps.ts'
import type { Database, Tx } from '../client.ts'
import { limits } from '../schema/tables.ts'
import { forgetLimit, lockAddress, lowerLimit, readLimit, takeFromWindow, takeWithWaits } from './limits.ts'

// What each statement leaves in the table; lib/limits/limits.db.test.ts shows how they race.

const NOW = 1_000_000
/** A time that needs more than four bytes, as every real one does. */
const LATE = Date.UTC(2026, 5, 1)

let db: Database
beforeEach(async () => {
  db = await testDatabase()
})
afterEach(() => db.close())

const run = <T>(query: (tx: Tx) => Promise<T>) => db.run(query)
const read = (key: string) => run((tx) => readLimit(tx, key))

test('what was never counted reads null', async () => {
  await run((tx) => takeFromWindow(tx, { key: 'a', max: 1, window: 10 }, NOW))
  expect(await read('b')).toBeNull()
})

test('a window counts from its first use until it ends, then from one again', async () => {
  const rule = { key: 'a', max: 2, window: 10 }
  const take = (now: number) => run((tx) => takeFromWindow(tx, rule, now))
  expect([await take(NOW), await take(NOW + 9), await take(NOW + 9)]).toEqual(['taken', 'taken', 'refused'])
  expect(await take(NOW + 9)).toBe('refused again')
  expect(await read('a')).toEqual({ count: 2, windowEndsAt: NOW + 10, blockedUntil: 0 })
  expect(await take(NOW + 10)).toBe('taken')
  expect(await read('a')).toEqual({ count: 1, windowEndsAt: NOW + 20, blockedUntil: 0 })
})

describe('waits', () => {
  const take = (rule: { free: number; waits: number[] }, now: number) =>
    run((tx) => takeWithWaits(tx, { key: 'a', remembered: 1_000, ...rule }, now))

  test.each([NOW, LATE])('grow use by use, the last one stays (from %i)', async (start) => {
    const rule = { free: 2, waits: [1, 2, 4, 8] }
    let now = start
    const waited = []
    for (let use = 0; use < 7; use++) {
      expect(await take(rule, now)).toBe('taken')
      const { blockedUntil, ...rest } = (await read('a')) ?? { blockedUntil: 0 }
      expect(rest).toEqual({ count: use + 1, windowEndsAt: now + 1_000 })
      waited.push(blockedUntil && blockedUntil - now)
      now = Math.max(now, blockedUntil)
    }
    expect(waited).toEqual([0, 1, 2, 4, 8, 8, 8])
  })

  test.each([0, 1])('begin with the first use where %i are free', async (free) => {
    expect(await take({ free, waits: [5, 7] }, NOW)).toBe('taken')
    expect((await read('a'))?.blockedUntil).toBe(NOW + 5)
    expect(await take({ free, waits: [5, 7] }, NOW + 4)).toBe('refused')
    expect(await take({ free, waits: [5, 7] }, NOW + 5)).toBe('taken')
  })

  test('refuse and leave no trace but when they first did', async () => {
    await take({ free: 1, waits: [5] }, NOW)
    expect(await take({ free: 1, waits: [5] }, NOW + 1)).toBe('refused')
    expect(await take({ free: 1, waits: [5] }, NOW + 2)).toBe('refused again')
    expect(await run((tx) => tx.select().from(limits))).toMatchObject([{ refusedAt: NOW + 1 }])
    expect(await read('a')).toEqual({ count: 1, windowEndsAt: NOW + 1_000, blockedUntil: NOW + 5 })
  })

  test('are forgotten with the count when it has not been used for as long as it is remembered', async () => {
    const rule = { free: 2, waits: [5] }
    for (const now of [NOW, NOW, NOW + 5]) await take(rule, now)
    expect(await take(rule, NOW + 1_005)).toBe('taken')
    expect(await read('a')).toEqual({ count: 1, windowEndsAt: NOW + 2_005, blockedUntil: 0 })
  })
})

test('what a clock that ran ahead wrote is cut to a whole window and the wait that was earned, and counts on', async () => {
  const [window, waits] = [
    { key: 'a', max: 1, window: 10 },
    { key: 'b', free: 1, waits: [5, 7], remembered: 1_000 },
  ]
  await run((tx) => takeFromWindow(tx, window, LATE))
  await run((tx) => takeWithWaits(tx, waits, LATE))
  expect(await run((tx) => takeFromWindow(tx, window, NOW))).toBe('refused')
  expect(await run((tx) => takeWithWaits(tx, waits, NOW))).toBe('refused')
  expect(await read('a')).toEqual({ count: 1, windowEndsAt: NOW + 10, blockedUntil: 0 })
  expect(await read('b')).toEqual({ count: 1, windowEndsAt: NOW + 1_000, blockedUntil: NOW + 5 })
})

test('one use is taken back, and the wait it began, never below none and from no other counter', async () => {
  for (const key of ['a', 'b']) await run((tx) => takeWithWaits(tx, { key, free: 1, waits: [5], remembered: 10 }, NOW))
  for (let time = 0; time < 2; time++) await run((tx) => lowerLimit(tx, 'a'))
  expect(await read('a')).toEqual({ count: 0, windowEndsAt: NOW + 10, blockedUntil: 0 })
  expect(await read('b')).toEqual({ count: 1, windowEndsAt: NOW + 10, blockedUntil: NOW + 5 })
})

test('a counter is forgotten, and no other', async () => {
  for (const key of ['a', 'b']) await run((tx) => takeFromWindow(tx, { key, max: 1, window: 10 }, NOW))
  await run((tx) => forgetLimit(tx, 'a'))
  expect(await run((tx) => tx.select({ key: limits.key }).from(limits))).toEqual([{ key: 'b' }])
})

test('an address is held by a row of its own, which counts nothing and has ended at once', async () => {
  for (const [key, now] of [
    ['ann@example.com', 1] as const,
    ['bob@example.com', 2] as const,
    ['ann@example.com', 3] as const,
  ])
    await run((tx) => lockAddress(tx, key, now))
  expect(await run((tx) => tx.select().from(limits).orderBy(limits.key))).toEqual([
    { key: 'lock:ann@example.com', count: 0, windowEndsAt: 3, blockedUntil: 0, refusedAt: null },
    { key: 'lock:bob@example.com', count: 0, windowEndsAt: 2, blockedUntil: 0, refusedAt: null },
  ])
})
