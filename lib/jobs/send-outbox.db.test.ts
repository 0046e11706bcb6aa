import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { challengeLetter, LETTERS } from '../../test/mail/letters.ts'
import { scripted, sendingTest } from '../../test/mail/sending.ts'
import { mailboxSender, readMailbox } from '../mail/mailbox.ts'
import type { MailSender } from '../mail/sender.ts'

const MINUTE = 60_000

let { deps, log, queue, run, rows } = {} as Awaited<ReturnType<typeof sendingTest>>
beforeEach(async () => {
  ;({ deps, log, queue, run, rows } = await sendingTest())
})
afterEach(() => deps.db.close())

describe('a mail that goes', () => {
  test('every letter arrives in the mailbox, is marked sent, and leaves no secret behind', async () => {
    for (const letter of LETTERS) await queue(letter)
    await run(mailboxSender(deps.db, deps.now))
    const mails = await readMailbox(deps.db, 'ann@example.com')
    expect(mails).toHaveLength(LETTERS.length)
    const verify = mails.find(({ subject }) => subject === 'Confirm your email address for Vestibule')
    expect(verify?.text.split('\n')).toContain('012345')
    for (const row of await rows()) expect(row).toMatchObject({ sentAt: deps.now(), payload: '', attempts: 1 })
    expect(log.entries).toEqual([])
  })

  test('goes once, and under the id of its row', async () => {
    await queue()
    const { sent, sender } = scripted(() => ({ ok: true }))
    await run(sender)
    await run(sender)
    expect(sent.map(({ id }) => id)).toEqual((await rows()).map(({ id }) => id))
  })

  test('many go, a few at a time, each once, whoever else is sending', async () => {
    for (let count = 0; count < 45; count++) await queue()
    let [now, most] = [0, 0]
    const { sent, sender } = scripted(async () => {
      most = Math.max(most, ++now)
      await new Promise((done) => setTimeout(done, 5))
      now -= 1
      return { ok: true }
    })
    await run(sender)
    expect(most).toBe(5)
    for (let count = 0; count < 45; count++) await queue()
    await Promise.all([run(sender), run(sender), run(sender)])
    expect(sent).toHaveLength(90)
    expect(new Set(sent.map(({ id }) => id)).size).toBe(90)
  })

  test('a decoy goes nowhere and says nothing', async () => {
    await deps.db.transaction((tx) =>
      deps.outbox.enqueue(tx, { to: '', letter: challengeLetter('reset'), expiresAt: 0 }),
    )
    const { sent, sender } = scripted(() => ({ ok: true }))
    await run(sender)
    expect(sent).toEqual([])
    expect(log.entries).toEqual([])
    expect(await rows()).toMatchObject([{ payload: '', failedAt: deps.now() }])
  })
})

describe('stopping', () => {
  test('ends with the mails that are on their way; the others are handed back, untried', async () => {
    for (let count = 0; count < 12; count++) await queue()
    const stopping = new AbortController()
    const { sent, sender } = scripted(async () => {
      stopping.abort()
      return { ok: true }
    })
    await run(sender, stopping.signal)
    expect(sent.length).toBeLessThanOrEqual(5)
    const left = (await rows()).filter(({ sentAt }) => sentAt === null)
    expect(left).toHaveLength(12 - sent.length)
    for (const row of left) expect(row).toMatchObject({ attempts: 0, nextAt: deps.now() })
  })

  test('a process that dies while sending gives its mails back when the lease ends', async () => {
    await queue()
    const dying = { transport: 'smtp', send: () => new Promise<never>(() => undefined) } satisfies MailSender
    void run(dying)
    await new Promise((done) => setTimeout(done, 100))
    const { sent, sender } = scripted(() => ({ ok: true }))
    await run(sender)
    expect(sent).toEqual([])
    deps.clock.advance(MINUTE)
    await run(sender)
    expect(sent).toHaveLength(1)
  })
})
