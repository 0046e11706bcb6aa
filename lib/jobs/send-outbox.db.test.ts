import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Database, Tx } from '#db/client'
import { OUTBOX_LONGEST_WAIT } from '#lib/auth/policy'
import { challengeLetter, LETTERS } from '../../test/mail/letters.ts'
import { insertMails, queuedMail } from '../../test/mail/queued-mail.ts'
import { neverStopping, scripted, sendingTest } from '../../test/mail/sending.ts'
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

describe('a backlog', () => {
  const insert = (count: number, mail: (n: number) => object) =>
    deps.db.transaction((tx) =>
      insertMails(
        tx,
        Array.from({ length: count }, (_, n) => queuedMail(`mail-${count}-${n}`, mail(n))),
      ),
    )

  /** The deps' database, and how many rows each of its turns changed. */
  async function watched() {
    const changed: number[] = []
    const written = async () => new Set((await rows()).map((row) => JSON.stringify(row)))
    let before = await written()
    const noting = async <T>(work: (tx: Tx) => Promise<T>) => {
      const result = await deps.db.run(work)
      const after = await written()
      changed.push([...after].filter((row) => !before.has(row)).length)
      before = after
      return result
    }
    return { changed, db: { ...deps.db, run: noting } satisfies Database }
  }

  test('of expired mail is given up batch by batch, all of it in one run, and holds up nothing that was just queued', async () => {
    await insert(90, (n) => ({ expiresAt: deps.now() - n }))
    await queue()
    const { changed, db } = await watched()
    const stillOpen = async () => (await rows()).filter(({ failedAt, sentAt }) => failedAt === null && sentAt === null)
    let openWhenSent = 0
    const { sent, sender } = scripted(async () => {
      openWhenSent = (await stillOpen()).length
      return { ok: true }
    })
    await run(sender, neverStopping, { db })
    expect(Math.max(...changed)).toBe(20)
    expect(await stillOpen()).toEqual([])
    expect(sent).toHaveLength(1)
    expect(openWhenSent).toBe(90 - 20 + 1)
    expect(log.entries).toHaveLength(90)
  })

  test('of mail put off by a wrong clock is brought forward batch by batch, all of it in one run', async () => {
    await insert(45, () => ({ nextAt: deps.now() + OUTBOX_LONGEST_WAIT + 1 }))
    const { changed, db } = await watched()
    await run(scripted(() => ({ ok: true })).sender, neverStopping, { db })
    expect(Math.max(...changed)).toBe(20)
    // None of them can be opened, so each was claimed and given up.
    for (const row of await rows()) expect(row).toMatchObject({ failedAt: deps.now(), attempts: 1 })
  })
})

describe('stopping', () => {
  test('told before it has begun, it changes nothing', async () => {
    await queue(challengeLetter('verify'), -1)
    await run(scripted(() => ({ ok: true })).sender, AbortSignal.abort())
    expect(await rows()).toMatchObject([{ failedAt: null }])
  })

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
