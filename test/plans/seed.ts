import type { Tx } from '#db/client'
import { challenges, devices, events, limits, messages, outbox, sessions, users } from '#db/schema/tables'
import { NOON } from '../deps.ts'
import { insertChallenge, insertSession, insertUser } from '../mail/expiring-rows.ts'

/** So many that Postgres, which plans by what it has counted, finds reading them all too dear. */
const ROWS = 3_000
/** SQLite takes 32,766 parameters a statement. */
const AT_ONCE = 1_000

const hash = 'x'.repeat(43)
const from = { deviceHash: hash, userAgent: 'Test/1.0', ip: '192.0.2.1' }

const TABLES = [
  [users, (id, at) => ({ ...account(id), verifiedAt: id.endsWith('7') ? null : at, createdAt: at })],
  [challenges, (id, at) => ({ ...challenge(id), emailKey: id, userId: id, expiresAt: at, createdAt: at })],
  [
    sessions,
    (id, at) => ({ ...session(id), userId: id, createdAt: at, lastSeenAt: at, expiresAt: at, absoluteExpiresAt: at }),
  ],
  [devices, (id, at) => ({ userId: id, deviceHash: hash, lastSignedInAt: at })],
  [
    outbox,
    (id, at) => ({ ...mail(id), nextAt: at, sentAt: id.endsWith('7') ? null : at, expiresAt: at, createdAt: at }),
  ],
  [messages, (id, at) => ({ id, recipient: id, subject: '', html: '', text: '', createdAt: at })],
  [limits, (key, at) => ({ key, count: 1, windowEndsAt: at, blockedUntil: 0 })],
  [events, (id, at) => ({ ...from, id, type: 'signin', outcome: 'ok', userId: id, requestId: id, at })],
] as [typeof users, (id: string, at: number) => typeof users.$inferInsert][]

const account = (id: string) => ({ id, email: id, emailKey: id, passwordHash: hash, deviceHash: hash })
const challenge = (id: string) => ({
  ...{ id, purpose: 'verify', codeHash: hash, tokenHash: hash, deviceHash: hash, attempts: 0, remember: 0 },
  ...{ browser: 'Firefox', system: 'Linux' },
})
const session = (id: string) => ({ ...from, id, tokenHash: id, idleLifetime: 1 })
const mail = (id: string) => ({ id, template: 'verify', recipient: id, payload: '', attempts: 0 })

/** Thousands of rows a table, most of them not expired, and those of `ann` that bring every query to its last statement. */
export async function seed(tx: Tx): Promise<void> {
  for (const [table, row] of TABLES)
    for (let first = 0; first < ROWS; first += AT_ONCE)
      await tx
        .insert(table)
        .values(
          Array.from({ length: AT_ONCE }, (_, n) => row(`id-${first + n}`, NOON + (first + n - ROWS / 10) * 60_000)),
        )
  await insertUser(tx, 'ann', { verifiedAt: 1 })
  await insertUser(tx, 'pending')
  for (const id of ['one', 'two', 'three']) await insertSession(tx, id, 'ann', NOON)
  await insertChallenge(tx, 'challenge', NOON)
}
