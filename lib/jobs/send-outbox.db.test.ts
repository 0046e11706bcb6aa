import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parkMail } from '#db/queries/outbox'
import type { Letter } from '#lib/auth/letters'
import { CODE_LIFETIME, LINK_LIFETIME, OUTBOX_RETRIES } from '#lib/auth/policy'
import { readMailbox } from '#lib/mail/mailbox'
import { makeSecrets } from '#lib/secrets'
import { type TestDeps, testDeps } from '../../test/deps.ts'
import { recordingLog } from '../../test/mail/job-log.ts'
import { challengeLetter, LETTERS, SITE } from '../../test/mail/letters.ts'
import { outboxById } from '../../test/mail/queued-mail.ts'
import { mailboxSender } from '../mail/mailbox.ts'
import type { Delivery, Mail, MailSender } from '../mail/sender.ts'
import { sendOutbox } from './send-outbox.ts'

const MINUTE = 60_000
const neverStopping = new AbortController().signal

let deps: TestDeps
let log: ReturnType<typeof recordingLog>
beforeEach(async () => {
  deps = await testDeps()
  log = recordingLog()
})
afterEach(() => deps.db.close())

function queue(letter: Letter = challengeLetter('verify'), lifetime = LINK_LIFETIME.verify, to = 'ann@example.com') {
  const mail = { to, letter, expiresAt: deps.now() + lifetime }
  return deps.db.transaction((tx) => deps.outbox.enqueue(tx, mail))
}
const run = (mail: MailSender, stopping = neverStopping, changes = {}) =>
  sendOutbox({ ...deps, mail, log, site: SITE, ...changes }, stopping)
const rows = async () => [...(await deps.db.run(outboxById)).values()]

/** A transport that answers as it is told, and remembers. */
function scripted(answer: (mail: Mail) => Delivery | Promise<Delivery>) {
  const sent: Mail[] = []
  const send = async (mail: Mail) => {
    sent.push(mail)
    return await answer(mail)
  }
  return { sent, sender: { transport: 'smtp', send } satisfies MailSender }
}
const fails = { ok: false, retry: true, reason: '451 later' } as const

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
