import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '#db/client'
import { limits as table } from '#db/schema/tables'
import type { LimitRule } from '#lib/auth/deps'
import { NOON, testDatabase } from '../../test/deps.ts'
import { atOnce, tally } from '../../test/journey.ts'
import { makeLimits, roundedRetryAfter } from './limits.ts'

let db: Database
let now: number
beforeEach(async () => {
  db = await testDatabase()
  now = NOON
})
afterEach(() => db.close())

const window = { key: 'door', max: 3, window: 60_000 }
const waits = { key: 'lock', free: 2, waits: [1000, 2000], remembered: 60_000 }
const refused = (retryAfter: number, spent: string | null = null) => ({
  ok: false,
  failure: { code: 'rate_limited', retryAfter, spent },
})
const budget = (scale = 1) => makeLimits(db, () => now, scale)
const giveBack = (rule: LimitRule) => db.transaction((tx) => budget().giveBack(tx, [rule]))

describe('a window', () => {
  it('lets its budget pass, raced or not, and the next one after it', async () => {
    expect(tally(await atOnce(50, () => budget().take([window])))).toEqual({ ok: 3, rate_limited: 47 })
    now += 59_999
    expect(await budget().take([window])).toEqual(refused(1))
    now += 1
    expect(tally(await atOnce(5, () => budget().take([window])))).toEqual({ ok: 3, rate_limited: 2 })
  })

  it('counts no further than its budget', async () => {
    await atOnce(20, () => budget().take([window]))
    expect((await db.run((tx) => tx.select().from(table)))[0]?.count).toBe(3)
  })

  it('says when it opens again', async () => {
    await atOnce(3, () => budget().take([window]))
    expect(await budget().take([window])).toEqual(refused(60, 'door'))
  })

  it('takes back what turned out to be no failure, never below none', async () => {
    await atOnce(3, () => budget().take([window]))
    await giveBack(window)
    expect(tally(await atOnce(3, () => budget().take([window])))).toEqual({ ok: 1, rate_limited: 2 })
    await atOnce(9, () => giveBack(window))
    expect(tally(await atOnce(5, () => budget().take([window])))).toEqual({ ok: 3, rate_limited: 2 })
  })
})

describe('the first refusal', () => {
  const told = (rule: LimitRule) => async () => {
    const taken = await budget().take([rule])
    return taken.ok ? [] : [taken.failure.spent]
  }

  it('of a window is told to one, raced or not, and again in the next window', async () => {
    expect((await atOnce(50, told(window))).flat().filter(Boolean)).toEqual(['door'])
    expect(await told(window)()).toEqual([null])
    now += 60_000
    expect((await atOnce(50, told(window))).flat().filter(Boolean)).toEqual(['door'])
  })

  it('of each wait is told to one', async () => {
    expect((await atOnce(50, told(waits))).flat().filter(Boolean)).toEqual(['lock'])
    now += 1000
    expect((await atOnce(50, told(waits))).flat().filter(Boolean)).toEqual(['lock'])
  })
})

describe('after a clock that ran a year ahead is set right', () => {
  const YEAR = 365 * 24 * 3_600_000
  const spentAhead = async (rule: LimitRule, times: number) => {
    now += YEAR
    await atOnce(times, () => budget().take([rule]))
    now -= YEAR
  }

  it('a window that it spent ends a whole window from the next use, and no later', async () => {
    await spentAhead(window, 4)
    expect(await budget().take([window])).toEqual(refused(60, 'door'))
    now += 59_999
    expect(await budget().take([window])).toEqual(refused(1))
    now += 1
    expect(tally(await atOnce(5, () => budget().take([window])))).toEqual({ ok: 3, rate_limited: 2 })
  })

  it('a window that it only began is not refilled', async () => {
    await spentAhead(window, 2)
    expect(tally(await atOnce(5, () => budget().take([window])))).toEqual({ ok: 1, rate_limited: 4 })
  })

  it('a wait that it began is as long as the one that was earned, and is not forgotten', async () => {
    await spentAhead(waits, 3)
    expect(await budget().take([waits])).toEqual(refused(1, 'lock'))
    now += 999
    expect(await budget().take([waits])).toEqual(refused(1))
    now += 1
    expect(tally(await atOnce(3, () => budget().take([waits])))).toEqual({ ok: 1, rate_limited: 2 })
    now += 1999
    expect((await budget().take([waits])).ok).toBe(false)
  })

  it('free uses of before count on, and all is forgotten when nothing happens for long', async () => {
    await spentAhead(waits, 1)
    expect(tally(await atOnce(3, () => budget().take([waits])))).toEqual({ ok: 1, rate_limited: 2 })
    now += 60_000
    expect(tally(await atOnce(3, () => budget().take([waits])))).toEqual({ ok: 2, rate_limited: 1 })
  })

  it('two machines whose clocks differ by a little refill nothing for each other', async () => {
    for (const ahead of [40, -40, 40, -40, 40, -40]) {
      now += ahead
      await budget().take([waits])
    }
    expect((await budget().take([waits])).ok).toBe(false)
  })
})

describe('a waiting budget', () => {
  it('is free at first, then waits longer each time, at last always the longest', async () => {
    expect(tally(await atOnce(50, () => budget().take([waits])))).toEqual({ ok: 2, rate_limited: 48 })
    for (const wait of [1000, 2000, 2000, 2000]) {
      now += wait - 1
      expect((await budget().take([waits])).ok).toBe(false)
      now += 1
      expect(tally(await atOnce(3, () => budget().take([waits])))).toEqual({ ok: 1, rate_limited: 2 })
    }
  })

  it('says when the wait is over, not when all is forgotten', async () => {
    const long = { ...waits, free: 1, waits: [30_000] }
    await budget().take([long])
    expect(await budget().take([long])).toEqual(refused(30, 'lock'))
  })

  it('gets one use back, and the wait that began with it, but none before it', async () => {
    await atOnce(2, () => budget().take([waits]))
    await giveBack(waits)
    expect(tally(await atOnce(3, () => budget().take([waits])))).toEqual({ ok: 1, rate_limited: 2 })
    now += 1000
    expect((await budget().take([waits])).ok).toBe(true)
    await giveBack(waits)
    expect(tally(await atOnce(3, () => budget().take([waits])))).toEqual({ ok: 1, rate_limited: 2 })
    now += 1999
    expect((await budget().take([waits])).ok).toBe(false)
  })

  it('is forgotten when nothing happened for long, or for its owner', async () => {
    await atOnce(2, () => budget().take([waits]))
    now += 60_000
    expect(tally(await atOnce(3, () => budget().take([waits])))).toEqual({ ok: 2, rate_limited: 1 })
    // What was refused does not count.
    expect(await db.transaction((tx) => budget().forgetFailures(tx, [waits]))).toBe(2)
    expect(await db.transaction((tx) => budget().forgetFailures(tx, [waits]))).toBe(0)
    expect(tally(await atOnce(3, () => budget().take([waits])))).toEqual({ ok: 2, rate_limited: 1 })
  })

  it('is all that its owner makes us forget: a window beside it goes on counting', async () => {
    await atOnce(3, () => budget().take([window]))
    await db.transaction((tx) => budget().forgetFailures(tx, [window, waits]))
    expect((await budget().take([window])).ok).toBe(false)
  })
})

it('refuses by the first budget that is spent and leaves the later ones alone', async () => {
  const other = { ...window, key: 'other door' }
  await atOnce(3, () => budget().take([window]))
  expect((await budget().take([window, other])).ok).toBe(false)
  expect(tally(await atOnce(4, () => budget().take([other])))).toEqual({ ok: 3, rate_limited: 1 })
})

it.each([
  ['window', window, 60],
  ['waiting budget', { ...waits, free: 1 }, 1],
])('a %s that is swept away meanwhile refuses for as long as ever, or not at all', async (_, rule, retryAfter) => {
  const sweep = () => db.transaction((tx) => tx.delete(table))
  const answers = Promise.all(Array.from({ length: 30 }, () => budget().take([rule])))
  await Promise.all([answers, ...Array.from({ length: 10 }, sweep)])
  const refusals = (await answers).filter(({ ok }) => !ok)
  expect(refusals).not.toHaveLength(0)
  for (const refusal of refusals) expect(refusal).toMatchObject({ failure: { retryAfter } })
})

it('scales budgets up and gaps and waits down', async () => {
  expect(tally(await atOnce(40, () => budget(10).take([window])))).toEqual({ ok: 30, rate_limited: 10 })
  const gap = { key: 'gap', max: 1, window: 60_000 }
  await budget(10).take([gap])
  now += 5999
  expect((await budget(10).take([gap])).ok).toBe(false)
  now += 1
  expect((await budget(10).take([gap])).ok).toBe(true)
  expect(tally(await atOnce(30, () => budget(10).take([waits])))).toEqual({ ok: 20, rate_limited: 10 })
  now += 100
  expect((await budget(10).take([waits])).ok).toBe(true)
})

it.each([
  [1, 1],
  [999, 1],
  [59_001, 60],
  [60_001, 120],
  [3_599_000, 3600],
])('of %i ms says %i seconds', (left, seconds) => {
  expect(roundedRetryAfter(NOON + left, NOON)).toBe(seconds)
})

it('takes all that an act takes in one transaction', async () => {
  let commits = 0
  const counted: Database['transaction'] = (work) => {
    commits += 1
    return db.transaction(work)
  }
  await makeLimits({ ...db, transaction: counted }, () => now).take([window, { ...window, key: 'other door' }, waits])
  expect(commits).toBe(1)
})
