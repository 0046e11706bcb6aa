import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { challenges } from '#db/schema/tables'
import { makeOutbox } from '#lib/mail/outbox'
import { type TestDeps, testDeps } from '../../test/deps.ts'
import { insertChallenge } from '../../test/mail/expiring-rows.ts'
import { recordingLog } from '../../test/mail/job-log.ts'
import { challengeLetter, SITE } from '../../test/mail/letters.ts'
import { mailboxSender, readMailbox } from '../mail/mailbox.ts'
import { startJobs } from './start.ts'

const STOP = Symbol.for('vestibule.stop')
const shared = globalThis as unknown as Record<symbol, (() => Promise<void>) | undefined>

let deps: TestDeps
let start: () => () => Promise<void>
beforeEach(async () => {
  deps = await testDeps()
  const log = recordingLog()
  start = () => startJobs({ ...deps, mail: mailboxSender(deps.db, deps.now), log, site: SITE, eventsKept: 1 })
})
afterEach(async () => {
  await shared[STOP]?.()
  await deps.db.close()
})

const enqueue = async () => {
  const outbox = makeOutbox(deps)
  const letter = challengeLetter('verify')
  await deps.db.transaction((tx) => outbox.enqueue(tx, { to: 'ann@example.com', letter, expiresAt: deps.now() + 1000 }))
  outbox.nudge()
}
const arrived = async () => (await readMailbox(deps.db)).length

test('queued mail goes well before its timer, because queuing it nudges the sender', async () => {
  start()
  for (let count = 1; count <= 3; count++) {
    await enqueue()
    await vi.waitFor(async () => expect(await arrived()).toBe(count), { timeout: 2_000, interval: 20 })
  }
})

test('mail queued before the start goes too, and what has expired is swept', async () => {
  await enqueue()
  await deps.db.run((tx) => insertChallenge(tx, 'over', deps.now()))
  start()
  await vi.waitFor(
    async () => {
      expect(await arrived()).toBe(1)
      expect(await deps.db.run((tx) => tx.select().from(challenges))).toEqual([])
    },
    { timeout: 2_000, interval: 20 },
  )
})

test('starting twice is starting once, and stopping lets it start again', async () => {
  const stop = start()
  expect(start()).toBe(stop)
  expect(shared[STOP]).toBe(stop)
  await stop()
  expect(shared[STOP]).toBeUndefined()
  expect(start()).not.toBe(stop)
})

test('nothing is sent after the stop', async () => {
  await start()()
  await enqueue()
  await new Promise((done) => setTimeout(done, 200))
  expect(await arrived()).toBe(0)
})
