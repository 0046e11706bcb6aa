import { insertMail } from '#db/queries/outbox'
import type { Outbox, Random, Secrets } from '../auth/deps.ts'
import { nudgeSender } from './nudge.ts'

/** 128 bits: it is the idempotency key at the provider and part of the Message-ID, so it must never repeat. */
const MAIL_ID_BYTES = 16

interface OutboxDeps {
  secrets: Pick<Secrets, 'seal'>
  random: Pick<Random, 'token'>
  now: () => number
  nudge?: () => void
}

/** Queues mail in the database. The letter is sealed under its own id: a stolen database holds no code that still works. */
export function makeOutbox({ secrets, random, now, nudge = nudgeSender }: OutboxDeps): Outbox {
  return {
    nudge,
    async enqueue(tx, { to, letter, expiresAt }) {
      const id = random.token(MAIL_ID_BYTES)
      const createdAt = now()
      await insertMail(tx, {
        id,
        template: letter.template,
        recipient: to,
        payload: secrets.seal(JSON.stringify(letter), id),
        attempts: 0,
        nextAt: createdAt,
        expiresAt,
        createdAt,
      })
    },
  }
}
