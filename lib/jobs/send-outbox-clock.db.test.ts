import { afterEach, beforeEach, expect, test } from 'vitest'
import { OUTBOX_LONGEST_WAIT } from '#lib/auth/policy'
import { recordingLog } from '../../test/mail/job-log.ts'
import { neverStopping, scripted, sendingTest } from '../../test/mail/sending.ts'

const YEAR = 365 * 24 * 3_600_000

let { deps, queue, run } = {} as Awaited<ReturnType<typeof sendingTest>>
beforeEach(async () => {
  ;({ deps, queue, run } = await sendingTest())
})
afterEach(() => deps.db.close())

test('a mail that was queued while the clock was a year ahead goes when it is right again', async () => {
  deps.clock.advance(YEAR)
  await queue()
  deps.clock.advance(-YEAR)
  const { sent, sender } = scripted(() => ({ ok: true }))
  await run(sender)
  expect(sent).toHaveLength(1)
})

test('a mail that was put off while the clock was a year ahead too, and one that was on its way when its process died', async () => {
  deps.clock.advance(YEAR)
  await queue()
  await run(scripted(() => ({ ok: false, retry: true, reason: '451 later' })).sender)
  await queue()
  const broken = recordingLog()
  broken.error = () => {
    throw new Error('killed')
  }
  const dying = scripted(() => Promise.reject(new Error('a bug')))
  await expect(run(dying.sender, neverStopping, { log: broken })).rejects.toThrow('killed')
  deps.clock.advance(-YEAR)
  const { sent, sender } = scripted(() => ({ ok: true }))
  await run(sender)
  expect(sent).toHaveLength(2)
})

test('no provider can put a mail off for longer than the longest wait', async () => {
  await queue()
  const { sent, sender } = scripted(() => ({ ok: false, retry: true, reason: '429', retryAfter: 1_000_000 }))
  await run(sender)
  deps.clock.advance(OUTBOX_LONGEST_WAIT - 1)
  await run(sender)
  expect(sent).toHaveLength(1)
  deps.clock.advance(1)
  await run(sender)
  expect(sent).toHaveLength(2)
})

test('a leap ahead gives no mail up: what was owed before goes when the clock is right again', async () => {
  await queue()
  const before = deps.now()
  deps.clock.advance(YEAR)
  const { sent, sender } = scripted(() => ({ ok: true }))
  await run(sender, neverStopping, { settled: () => before })
  deps.clock.advance(-YEAR)
  expect(sent).toEqual([])
  await run(sender)
  expect(sent).toHaveLength(1)
})
