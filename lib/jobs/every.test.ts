import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { every, type Timer } from './every.ts'

const SECOND = 1000
const errors: object[] = []
const log = { info: () => undefined, warn: () => undefined, error: (details: object) => void errors.push(details) }

let timer: Timer | undefined
beforeEach(() => {
  errors.length = 0
  vi.useFakeTimers()
})
afterEach(async () => {
  const stopped = timer?.stop()
  await vi.runAllTimersAsync()
  await stopped
  vi.useRealTimers()
})

/** Work that takes as long as it is told, and what was seen of it. */
function slowWork(duration: number) {
  const seen = { runs: 0, running: 0, mostAtOnce: 0, aborted: 0 }
  const work = async (stopping: AbortSignal) => {
    seen.runs += 1
    seen.running += 1
    seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.running)
    await new Promise((done) => setTimeout(done, duration))
    seen.running -= 1
    if (stopping.aborted) seen.aborted += 1
  }
  return { seen, work }
}

describe('by itself', () => {
  test('runs soon after the start, then after each interval, give or take a tenth', async () => {
    const times: number[] = []
    timer = every(10 * SECOND, 'test', async () => void times.push(Date.now()), log)
    const start = Date.now()
    await vi.advanceTimersByTimeAsync(200 * SECOND)
    expect(times[0]).toBeLessThan(start + 100)
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    expect(gaps.length).toBeGreaterThanOrEqual(18)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(9 * SECOND)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(11 * SECOND + 1)
    expect(new Set(gaps).size).toBeGreaterThan(1)
  })

  test('never overlaps itself, however slow the work', async () => {
    const { seen, work } = slowWork(25 * SECOND)
    timer = every(10 * SECOND, 'test', work, log)
    await vi.advanceTimersByTimeAsync(100 * SECOND)
    expect(seen.mostAtOnce).toBe(1)
    expect(seen.runs).toBe(3)
  })

  test('goes on after a failure, which is logged', async () => {
    let runs = 0
    const work = () => {
      runs += 1
      throw new Error(`failure ${runs}`)
    }
    timer = every(10 * SECOND, 'a-job', work, log)
    await vi.advanceTimersByTimeAsync(12 * SECOND)
    expect(runs).toBe(2)
    expect(errors).toMatchObject([{ job: 'a-job', err: { message: 'failure 1' } }, { err: { message: 'failure 2' } }])
  })
})

describe('nudge', () => {
  test('runs it soon, once for many', async () => {
    const { seen, work } = slowWork(0)
    timer = every(10 * SECOND, 'test', work, log)
    await vi.advanceTimersByTimeAsync(1 * SECOND)
    for (let count = 0; count < 100; count++) timer.nudge()
    await vi.advanceTimersByTimeAsync(1 * SECOND)
    expect(seen.runs).toBe(2)
  })

  test('is not put off by further ones', async () => {
    const { seen, work } = slowWork(0)
    timer = every(10 * SECOND, 'test', work, log)
    await vi.advanceTimersByTimeAsync(1 * SECOND)
    for (let count = 0; count < 50; count++) {
      timer.nudge()
      await vi.advanceTimersByTimeAsync(2)
    }
    expect(seen.runs).toBeGreaterThan(2)
  })

  test('while it runs: once more afterwards, soon', async () => {
    const { seen, work } = slowWork(5 * SECOND)
    timer = every(100 * SECOND, 'test', work, log)
    await vi.advanceTimersByTimeAsync(1 * SECOND)
    timer.nudge()
    timer.nudge()
    await vi.advanceTimersByTimeAsync(5 * SECOND)
    expect(seen).toMatchObject({ runs: 2, mostAtOnce: 1 })
    await vi.advanceTimersByTimeAsync(50 * SECOND)
    expect(seen.runs).toBe(2)
  })
})

describe('stop', () => {
  test('waits for the running one, tells it, and nothing runs after', async () => {
    const { seen, work } = slowWork(5 * SECOND)
    timer = every(10 * SECOND, 'test', work, log)
    await vi.advanceTimersByTimeAsync(1 * SECOND)
    let stopped = false
    const stopping = timer.stop().then(() => {
      stopped = true
    })
    await vi.advanceTimersByTimeAsync(1 * SECOND)
    expect([stopped, seen.running]).toEqual([false, 1])
    await vi.advanceTimersByTimeAsync(5 * SECOND)
    await stopping
    timer.nudge()
    await vi.advanceTimersByTimeAsync(100 * SECOND)
    expect(seen).toMatchObject({ runs: 1, running: 0, aborted: 1 })
  })

  test('before the first run, nothing ever runs', async () => {
    const { seen, work } = slowWork(0)
    timer = every(10 * SECOND, 'test', work, log)
    await timer.stop()
    await vi.advanceTimersByTimeAsync(100 * SECOND)
    expect(seen.runs).toBe(0)
  })
})
