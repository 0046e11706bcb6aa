import { beforeEach, expect, test } from 'vitest'
import { recordingLog } from '../../test/mail/job-log.ts'
import { settledClock } from './settled-clock.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const YEAR = 365 * DAY

let [wall, elapsed] = [0, 0]
let log: ReturnType<typeof recordingLog>
let settled: () => number
beforeEach(() => {
  ;[wall, elapsed] = [YEAR, 0]
  log = recordingLog()
  settled = settledClock(
    () => wall,
    () => elapsed,
    log,
  )
})

function pass(milliseconds: number) {
  wall += milliseconds
  elapsed += milliseconds
}
const said = () => log.entries.map(({ details, message }) => [message, details])

test('is the clock of the wall while that keeps time, and where it is corrected by a little', () => {
  for (const step of [0, -2_000, 3_000, 60_000, -60_000]) {
    pass(HOUR)
    wall += step
    expect(settled()).toBe(wall)
  }
  expect(log.entries).toEqual([])
})

test('does not follow a leap of a year that is taken back within a day, however often it is asked', () => {
  wall += YEAR
  for (let hour = 0; hour < 23; hour += 1) {
    pass(HOUR)
    expect(settled()).toBe(wall - YEAR)
  }
  wall -= YEAR
  expect(settled()).toBe(wall)
  expect(said()).toEqual([
    ['The clock was set forward, or the machine slept', { seconds: YEAR / 1000 }],
    ['The clock was set back', { seconds: -YEAR / 1000 }],
  ])
})

test('follows a leap that has lasted a day', () => {
  wall += YEAR
  settled()
  pass(DAY - 1)
  expect(settled()).toBe(wall - YEAR)
  pass(1)
  expect(settled()).toBe(wall)
  pass(HOUR)
  expect(settled()).toBe(wall)
})

test('counts the day anew for each leap', () => {
  wall += YEAR
  settled()
  pass(DAY / 2)
  wall -= YEAR
  settled()
  wall += YEAR
  settled()
  pass(DAY / 2)
  expect(settled()).toBe(wall - YEAR)
})

test('is set back at once, and says so', () => {
  pass(HOUR)
  wall -= YEAR
  expect(settled()).toBe(wall)
  expect(said()).toEqual([['The clock was set back', { seconds: -YEAR / 1000 }]])
})
