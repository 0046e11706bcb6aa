import { afterEach, expect, test } from 'vitest'
import { makeSecrets } from '#lib/secrets'
import { NOON, testDatabase } from '../../test/deps.ts'
import { challengeLetter } from '../../test/mail/letters.ts'
import { outboxById } from '../../test/mail/queued-mail.ts'
import { registerNudge } from './nudge.ts'
import { makeOutbox } from './outbox.ts'

const secrets = makeSecrets('a-secret-of-at-least-thirty-two-characters')
const outbox = makeOutbox({ secrets, random: { token: (bytes) => `id-of-${bytes}-bytes` }, now: () => NOON })
const letter = challengeLetter('verify')
const mail = { to: 'ann@example.com', letter, expiresAt: NOON + 1000 }

afterEach(() => registerNudge(undefined))

test('queues a letter that is due at once and can be opened under its own id alone', async () => {
  const db = await testDatabase()
  await db.transaction((tx) => outbox.enqueue(tx, mail))
  const [[id, row] = expect.unreachable()] = await db.run(outboxById)
  expect(row).toMatchObject({
    template: 'verify',
    recipient: 'ann@example.com',
    attempts: 0,
    sentAt: null,
    failedAt: null,
  })
  expect(row).toMatchObject({ nextAt: NOON, createdAt: NOON, expiresAt: NOON + 1000 })
  for (const secret of [letter.code, letter.linkToken, letter.challengeId]) expect(row.payload).not.toContain(secret)
  expect(JSON.parse(secrets.unseal(row.payload, id) ?? 'null')).toEqual(letter)
  expect(secrets.unseal(row.payload, 'another-id')).toBeNull()
  await db.close()
})

test('stands and falls with the transaction it is queued in', async () => {
  const db = await testDatabase()
  const work = db.transaction(async (tx) => {
    await outbox.enqueue(tx, mail)
    throw new Error('changed its mind')
  })
  await expect(work).rejects.toThrow('changed its mind')
  expect(await db.run(outboxById)).toEqual(new Map())
  await db.close()
})

test('nudges the sender of this process, and does nothing where there is none', () => {
  outbox.nudge()
  let nudged = 0
  registerNudge(() => (nudged += 1))
  outbox.nudge()
  expect(nudged).toBe(1)
})
