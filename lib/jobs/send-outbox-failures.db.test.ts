import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parkMail } from '#db/queries/outbox'
import { CODE_LIFETIME, OUTBOX_RETRIES } from '#lib/auth/policy'
import { makeSecrets } from '#lib/secrets'
import { challengeLetter } from '../../test/mail/letters.ts'
import { neverStopping, scripted, sendingTest } from '../../test/mail/sending.ts'

const MINUTE = 60_000
const fails = { ok: false, retry: true, reason: '451 later' } as const

let { deps, log, queue, run, rows } = {} as Awaited<ReturnType<typeof sendingTest>>
beforeEach(async () => {
  ;({ deps, log, queue, run, rows } = await sendingTest())
})
afterEach(() => deps.db.close())

describe('a mail that does not go', () => {
  test('is tried again after each wait of the policy, then given up and logged', async () => {
    await queue()
    const { sent, sender } = scripted(() => fails)
    await run(sender)
    for (const [index, wait] of OUTBOX_RETRIES.entries()) {
      deps.clock.advance(wait - 1)
      await run(sender)
      expect(sent).toHaveLength(index + 1)
      deps.clock.advance(1)
      await run(sender)
      expect(sent).toHaveLength(index + 2)
    }
    expect(await rows()).toMatchObject([{ failedAt: deps.now(), payload: '', attempts: OUTBOX_RETRIES.length + 1 }])
    expect(log.entries.map(({ level }) => level)).toEqual([...OUTBOX_RETRIES.map(() => 'warn'), 'error'])
    expect(log.entries.at(-1)).toMatchObject({ message: 'A mail was given up', details: { reason: '451 later' } })
  })

  test('is given up at once where trying again is no use', async () => {
    await queue()
    const { sent, sender } = scripted(() => ({ ok: false, retry: false, reason: '550 no such user' }))
    await run(sender)
    deps.clock.advance(MINUTE)
    await run(sender)
    expect(sent).toHaveLength(1)
    expect(await rows()).toMatchObject([{ payload: '', attempts: 1 }])
    expect(log.entries).toMatchObject([{ level: 'error', details: { reason: '550 no such user', template: 'verify' } }])
  })

  test('waits as long as the provider asks, and the try does not count', async () => {
    await queue()
    const { sent, sender } = scripted(() => ({ ok: false, retry: true, reason: '429', retryAfter: 7 }))
    for (let times = 0; times < 10; times++) {
      await run(sender)
      deps.clock.advance(6_999)
      await run(sender)
      expect(sent).toHaveLength(times + 1)
      deps.clock.advance(1)
    }
    expect(await rows()).toMatchObject([{ failedAt: null, attempts: 0 }])
  })

  test('one that is told to wait makes the others of its run wait too', async () => {
    for (let count = 0; count < 30; count++) await queue()
    const { sent, sender } = scripted(() => ({ ok: false, retry: true, reason: '429', retryAfter: 7 }))
    await run(sender)
    expect(sent.length).toBeLessThanOrEqual(5)
    const untouched = (await rows()).filter(({ attempts, nextAt }) => attempts === 0 && nextAt <= deps.now() + 7_000)
    expect(untouched).toHaveLength(30)
  })

  test('is dropped when its time is over', async () => {
    await queue(challengeLetter('sign-in'), CODE_LIFETIME)
    const { sent, sender } = scripted(() => fails)
    await run(sender)
    deps.clock.advance(CODE_LIFETIME)
    await run(sender)
    expect(sent).toHaveLength(1)
    expect(await rows()).toMatchObject([{ payload: '', failedAt: deps.now(), sentAt: null }])
    expect(log.entries.at(-1)).toMatchObject({ level: 'warn', details: { template: 'sign-in' } })
  })

  test('one whose time ends while the others are sent is not sent any more', async () => {
    for (let count = 0; count < 10; count++) await queue(challengeLetter('sign-in'), 1000)
    const { sent, sender } = scripted(() => {
      deps.clock.advance(1000)
      return { ok: true }
    })
    await run(sender)
    expect(sent.length).toBeLessThanOrEqual(5)
  })

  test('one that cannot be unsealed is given up and logged; the others go', async () => {
    await queue()
    const foreign = makeSecrets('a-secret-of-another-installation-altogether')
    const { sent, sender } = scripted(() => ({ ok: true }))
    await run(sender, neverStopping, { secrets: foreign })
    expect(sent).toEqual([])
    expect(await rows()).toMatchObject([{ payload: '', failedAt: deps.now() }])
    expect(log.entries).toMatchObject([{ level: 'error', details: { reason: expect.stringContaining('secret') } }])
  })

  test('an exception of a transport is logged and tried again, and stops no other mail', async () => {
    await queue(challengeLetter('verify'), MINUTE, 'ann@example.com')
    await queue(challengeLetter('verify'), MINUTE, 'bob@example.com')
    const { sender } = scripted(({ to }) => {
      if (to.startsWith('ann')) throw new Error('a bug')
      return { ok: true }
    })
    await run(sender)
    const sentTo = (await rows()).filter(({ sentAt }) => sentAt !== null).map(({ recipient }) => recipient)
    expect(sentTo).toEqual(['bob@example.com'])
    expect(log.entries).toMatchObject([{ level: 'error', details: { err: { message: 'a bug' } } }, { level: 'warn' }])
  })

  test('a mail given up by somebody else meanwhile stays given up', async () => {
    await queue()
    const { sender } = scripted(async ({ id }) => {
      await deps.db.run((tx) => parkMail(tx, id, deps.now()))
      return fails
    })
    await run(sender)
    deps.clock.advance(MINUTE)
    const { sent, sender: next } = scripted(() => ({ ok: true }))
    await run(next)
    expect(sent).toEqual([])
  })
})

test('the log names neither recipients nor secrets', async () => {
  await queue()
  const { sender } = scripted(() => fails)
  for (const wait of [0, ...OUTBOX_RETRIES]) {
    deps.clock.advance(wait)
    await run(sender)
  }
  const letter = challengeLetter('verify')
  const logged = JSON.stringify(log.entries)
  for (const secret of ['ann@', letter.code, letter.linkToken, letter.challengeId]) expect(logged).not.toContain(secret)
})
