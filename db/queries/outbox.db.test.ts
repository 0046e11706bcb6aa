import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/deps.ts'
import { insertMails, outboxById, queuedMail } from '../../test/mail/queued-mail.ts'
import type { Database } from '../client.ts'
import {
  bringMailForward,
  claimDueMail,
  dropExpiredMail,
  markSent,
  parkMail,
  postponeMail,
  returnMail,
} from './outbox.ts'

const NOW = 1_000_000
const LEASE = NOW + 60_000

let db: Database
beforeEach(async () => {
  db = await testDatabase()
})
afterEach(() => db.close())

const insert = (...rows: Parameters<typeof queuedMail>[]) =>
  db.run((tx) =>
    insertMails(
      tx,
      rows.map((row) => queuedMail(...row)),
    ),
  )
const claim = (count = 20, now = NOW) => db.run((tx) => claimDueMail(tx, now, now + 60_000, count))
const row = async (id: string) => (await db.run(outboxById)).get(id)

describe('claimDueMail', () => {
  test('lends a due mail until the lease ends, and counts the try', async () => {
    await insert(['a', { nextAt: NOW }])
    expect(await claim()).toEqual([
      {
        id: 'a',
        template: 'verify',
        recipient: 'a@example.com',
        payload: 'sealed-a',
        attempts: 1,
        expiresAt: Number.MAX_SAFE_INTEGER,
      },
    ])
    expect(await row('a')).toMatchObject({ attempts: 1, nextAt: LEASE })
    expect(await claim()).toEqual([])
    expect(await claim(20, LEASE)).toMatchObject([{ id: 'a', attempts: 2 }])
  })

  test('leaves alone what is not due, gone, given up or of no use any more', async () => {
    await insert(
      ['later', { nextAt: NOW + 1 }],
      ['sent', { sentAt: 1 }],
      ['parked', { failedAt: 1 }],
      ['expired', { expiresAt: NOW }],
    )
    expect(await claim()).toEqual([])
  })

  test('takes the longest overdue first, and no more than asked for', async () => {
    await insert(['c', { nextAt: 3 }], ['a', { nextAt: 1 }], ['b', { nextAt: 2 }])
    expect((await claim(2)).map(({ id }) => id).sort()).toEqual(['a', 'b'])
    expect((await claim(2)).map(({ id }) => id)).toEqual(['c'])
  })

  test('gives each mail to one of many claimers', async () => {
    // Several rounds: in the first, a pool is still connecting and its claims come one after the other.
    for (let round = 0; round < 5; round++) {
      const ids = Array.from({ length: 20 }, (_, index) => `mail-${round}-${index}`).sort()
      await insert(...ids.map((id): [string] => [id]))
      const claims = (await Promise.all(Array.from({ length: 8 }, () => claim()))).flat()
      expect(claims.map(({ id }) => id).sort()).toEqual(ids)
      expect(new Set(claims.map(({ attempts }) => attempts))).toEqual(new Set([1]))
    }
  })

  test('many claimers that come back take all of it, each mail once', async () => {
    const ids = Array.from({ length: 60 }, (_, index) => `mail-${index}`)
    await insert(...ids.map((id): [string] => [id]))
    const taken: string[] = []
    for (let round = 0; taken.length < ids.length && round < 20; round++) {
      const claims = await Promise.all(Array.from({ length: 8 }, () => claim(5)))
      taken.push(...claims.flat().map(({ id }) => id))
    }
    expect(taken.sort()).toEqual(ids.sort())
  })
})

describe('what becomes of a claimed mail', () => {
  test('markSent: it is gone, and its payload with it', async () => {
    await insert(['a'])
    await claim()
    await db.run((tx) => markSent(tx, 'a', NOW))
    expect(await row('a')).toMatchObject({ sentAt: NOW, failedAt: null, payload: '' })
    await db.run((tx) => markSent(tx, 'a', NOW + 1))
    expect(await row('a')).toMatchObject({ sentAt: NOW })
    expect(await claim(20, LEASE)).toEqual([])
  })

  test('markSent: arrived is arrived, even if it was given up meanwhile', async () => {
    await insert(['a', { failedAt: NOW, payload: '' }])
    await db.run((tx) => markSent(tx, 'a', NOW + 1))
    expect(await row('a')).toMatchObject({ sentAt: NOW + 1, failedAt: null })
  })

  test('parkMail: it is given up, and its payload is gone; one that was sent stays sent', async () => {
    await insert(['a'], ['sent', { sentAt: 1 }])
    for (const id of ['a', 'sent']) await db.run((tx) => parkMail(tx, id, NOW))
    expect(await row('a')).toMatchObject({ failedAt: NOW, payload: '', sentAt: null })
    expect(await row('sent')).toMatchObject({ failedAt: null, sentAt: 1 })
    expect(await claim(20, LEASE)).toEqual([])
  })

  test('postponeMail: it is due again then, its try counted', async () => {
    await insert(['a'], ['parked', { failedAt: 1, nextAt: 0 }])
    await claim()
    for (const id of ['a', 'parked']) await db.run((tx) => postponeMail(tx, id, NOW + 5))
    expect(await claim(20, NOW + 4)).toEqual([])
    expect(await claim(20, NOW + 5)).toMatchObject([{ id: 'a', attempts: 2 }])
    expect(await row('parked')).toMatchObject({ nextAt: 0 })
  })

  test('returnMail: it is due again then, its try uncounted, and never less than none', async () => {
    await insert(['a'], ['untried'])
    await claim(1)
    for (const id of ['a', 'untried']) await db.run((tx) => returnMail(tx, id, NOW + 5))
    expect([await row('a'), await row('untried')].map((mail) => mail?.attempts)).toEqual([0, 0])
    expect(await claim(20, NOW + 5)).toHaveLength(2)
  })
})

test('bringMailForward makes due what waits longer than any wait, and nothing else', async () => {
  const latest = NOW + 1_000
  const beyond = { nextAt: latest + 1 }
  await insert(
    ['beyond', beyond],
    ['latest', { nextAt: latest }],
    ['sent', { ...beyond, sentAt: 1 }],
    ['parked', { ...beyond, failedAt: 1 }],
  )
  expect(await db.run((tx) => bringMailForward(tx, NOW, latest, 20))).toBe(1)
  const nextAt = [...(await db.run(outboxById)).values()].map((mail) => [mail.id, mail.nextAt])
  expect(Object.fromEntries(nextAt)).toEqual({ beyond: NOW, latest, sent: latest + 1, parked: latest + 1 })
})

test('dropExpiredMail gives up what is of no use any more, and says what', async () => {
  await insert(
    ['old', { expiresAt: NOW, attempts: 3 }],
    ['young', { expiresAt: NOW + 1 }],
    ['sent', { expiresAt: 1, sentAt: 1 }],
  )
  const old = { id: 'old', template: 'verify', recipient: 'old@example.com', attempts: 3 }
  expect(await db.run((tx) => dropExpiredMail(tx, NOW, 20))).toEqual([old])
  expect(await row('old')).toMatchObject({ failedAt: NOW, payload: '' })
  expect(await row('young')).toMatchObject({ failedAt: null, payload: 'sealed-young' })
  expect(await db.run((tx) => dropExpiredMail(tx, NOW, 20))).toEqual([])
})

test('dropExpiredMail takes no more than asked for, the longest expired first, and each mail once whoever asks', async () => {
  await insert(...Array.from({ length: 60 }, (_, n): [string, object] => [`mail-${n}`, { expiresAt: NOW - n }]))
  const drop = (count: number) => db.run((tx) => dropExpiredMail(tx, NOW, count))
  expect((await drop(2)).map(({ id }) => id).sort()).toEqual(['mail-58', 'mail-59'])
  const dropped: string[] = []
  for (let round = 0; dropped.length < 58 && round < 30; round++) {
    const batches = await Promise.all(Array.from({ length: 8 }, () => drop(5)))
    for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(5)
    dropped.push(...batches.flat().map(({ id }) => id))
  }
  expect(dropped.sort()).toEqual(Array.from({ length: 58 }, (_, n) => `mail-${n}`).sort())
})

test('bringMailForward takes no more than asked for', async () => {
  await insert(...Array.from({ length: 5 }, (_, n): [string, object] => [`mail-${n}`, { nextAt: NOW + 1 + n }]))
  const bring = () => db.run((tx) => bringMailForward(tx, NOW, NOW, 2))
  expect([await bring(), await bring(), await bring(), await bring()]).toEqual([2, 2, 1, 0])
})
