import { afterEach, beforeEach, expect, it } from 'vitest'
import { events } from '#db/schema/tables'
import { ALARM_EVENTS_AT_MOST, ALARM_EVERY, ALARM_FAILURES, ALARM_TIMES_RIGHT } from '#lib/auth/policy'
import { type AuthEvent, record } from '#lib/auth/record'
import { signin } from '#lib/auth/signin'
import { browser, type TestDeps, testDeps } from '../../test/deps.ts'
import { recordingLog } from '../../test/mail/job-log.ts'
import { raiseAlarm } from './raise-alarm.ts'

const ENOUGH = ALARM_FAILURES.max
const WRONG = { type: 'signin', outcome: 'invalid_credentials' } as const
const RIGHT = { type: 'signin', outcome: 'ok' } as const

let deps: TestDeps
let log: ReturnType<typeof recordingLog>
beforeEach(async () => {
  deps = await testDeps()
  log = recordingLog()
})
afterEach(() => deps.db.close())

const look = () => raiseAlarm({ ...deps, log })
/** What was said to the log, kind by kind, and that the trail says the same. */
async function raised() {
  const trail = await deps.db.run((tx) => tx.select().from(events))
  const alarms = trail.filter(({ type }) => type === 'alarm').map(({ outcome }) => outcome)
  const said = log.entries.map(({ level, details }) => ({ level, ...details }))
  expect(said.map((entry) => (entry as { kind?: string }).kind).toSorted()).toEqual(alarms.toSorted())
  return said
}
const happened = (event: AuthEvent, times: number) =>
  deps.db.transaction(async (tx) => {
    for (let n = 0; n < times; n++) await record(deps, tx, browser('anybody'), event)
  })

it('hears of one guess each at very many accounts from very many origins, which no budget can see', async () => {
  const guess = (n: number) =>
    signin(deps, { email: `user${n}@example.com`, password: 'spring 2026' }, browser(`robot ${n}`, `198.51.100.${n}`))
  for (let n = 1; n < ENOUGH; n++) expect(await guess(n)).toMatchObject({ failure: { code: 'invalid_credentials' } })
  await look()
  expect(await raised()).toEqual([])
  await guess(ENOUGH)
  await look()
  expect(await raised()).toEqual([{ level: 'error', kind: 'password', wrong: ENOUGH, right: 0 }])
  // Nobody pays for it.
  expect(await guess(ENOUGH + 1)).toMatchObject({ failure: { code: 'invalid_credentials' } })
})

it.each([
  ['password', { type: 'signin', outcome: 'disabled' }, { type: 'signin', outcome: 'email_unverified' }],
  ['password', { type: 'password_change', outcome: 'wrong_password' }, { type: 'password_change', outcome: 'ok' }],
  ['password', { type: 'signout_chosen', outcome: 'wrong_password' }, { type: 'signout_chosen', outcome: 'ok' }],
  ['challenge', { type: 'challenge_failed', outcome: 'verify' }, { type: 'email_verified', outcome: 'code' }],
  ['challenge', { type: 'challenge_failed', outcome: 'sign-in' }, { type: 'signin_by_mail', outcome: 'this' }],
  ['challenge', { type: 'challenge_failed', outcome: 'reset' }, { type: 'password_reset', outcome: 'link' }],
] as const)('of kind %s: %o is wrong, %o is right', async (kind, wrong, right) => {
  await happened(wrong, ENOUGH)
  await happened(right, ENOUGH / ALARM_TIMES_RIGHT)
  await look()
  expect(await raised()).toEqual([])
  await happened(wrong, 1)
  await look()
  expect(await raised()).toMatchObject([{ kind, wrong: ENOUGH + 1, right: ENOUGH / ALARM_TIMES_RIGHT }])
})

it('takes a busy site for what it is: many mistype, and get in after all', async () => {
  await happened(WRONG, 5 * ENOUGH)
  await happened(RIGHT, ENOUGH)
  await happened({ type: 'challenge_failed', outcome: 'verify' }, ENOUGH - 1)
  await happened({ type: 'signup', outcome: 'ok' }, 1)
  await look()
  expect(await raised()).toEqual([])
})

it('forgets what lies further back than the window', async () => {
  await happened(WRONG, ENOUGH)
  deps.clock.advance(ALARM_FAILURES.window)
  await look()
  expect(await raised()).toEqual([])
})

it('looks at no more than the newest', async () => {
  await happened(WRONG, ENOUGH)
  deps.clock.advance(1)
  await happened(RIGHT, ALARM_EVENTS_AT_MOST)
  await look()
  expect(await raised()).toEqual([])
})

it('is raised once an hour, however many processes look at once', async () => {
  await happened(WRONG, ENOUGH)
  await Promise.all(Array.from({ length: 10 }, look))
  expect(await raised()).toHaveLength(1)
  deps.clock.advance(ALARM_EVERY.window - 1)
  await happened(WRONG, ENOUGH)
  await look()
  expect(await raised()).toHaveLength(1)
  deps.clock.advance(1)
  await look()
  expect(await raised()).toHaveLength(2)
})
