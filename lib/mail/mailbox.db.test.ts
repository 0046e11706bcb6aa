import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database } from '#db/client'
import { NOON, testDatabase } from '../../test/deps.ts'
import { emptyMailbox, mailboxSender, readMailbox, readMessage } from './mailbox.ts'
import type { MailSender } from './sender.ts'

let db: Database
let sender: MailSender
let now: number
beforeEach(async () => {
  db = await testDatabase()
  now = NOON
  sender = mailboxSender(db, () => now)
})
afterEach(() => db.close())

const mail = (id: string, to = 'ann@example.com') => ({ id, to, subject: 'Hello', html: '<p>Hi</p>', text: 'Hi' })

test('what was sent can be read: all of it, or the mail to one address, newest first', async () => {
  for (const sent of [mail('a'), mail('b', 'bob@example.com'), mail('c', 'Ann@Example.com')]) {
    expect(await sender.send(sent)).toEqual({ ok: true })
    now += 1000
  }
  expect((await readMailbox(db)).map(({ id }) => id)).toEqual(['c', 'b', 'a'])
  expect((await readMailbox(db, 'ANN@example.com')).map(({ id }) => id)).toEqual(['c', 'a'])
  expect(await readMailbox(db, '%')).toEqual([])
  expect(await readMessage(db, 'b')).toEqual({ ...mail('b', 'bob@example.com'), createdAt: NOON + 1000 })
  expect(await readMessage(db, 'x')).toBeNull()
})

test('NUL, which Postgres takes in no text, is in no address', async () => {
  await sender.send(mail('a'))
  expect(await readMailbox(db, 'ann\0@example.com')).toEqual([])
})

test('a mail that is sent again is there once', async () => {
  await sender.send(mail('a'))
  expect(await sender.send({ ...mail('a'), subject: 'Again' })).toEqual({ ok: true })
  expect(await readMailbox(db)).toMatchObject([{ id: 'a', subject: 'Hello' }])
})

test('the newest 500 are kept', async () => {
  for (let index = 0; index < 503; index++) {
    now += 1
    await sender.send(mail(`mail-${index}`))
  }
  const kept = (await readMailbox(db)).map(({ id }) => id)
  expect(kept).toHaveLength(500)
  expect([kept.at(0), kept.at(-1)]).toEqual(['mail-502', 'mail-3'])
})

test('it can be emptied', async () => {
  await sender.send(mail('a'))
  await emptyMailbox(db)
  expect(await readMailbox(db)).toEqual([])
})

test('a database that does not answer is a failure to try again, not an exception', async () => {
  const broken = {
    ...db,
    read: () => Promise.reject(new Error('gone')),
    run: () => Promise.reject(new Error('gone')),
    transaction: () => Promise.reject(new Error('gone')),
  }
  expect(await mailboxSender(broken, () => now).send(mail('a'))).toMatchObject({ ok: false, retry: true })
})
