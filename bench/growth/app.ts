import { type Database, type DatabaseLocation, openDatabase } from '../../db/client.ts'
import type { Caller, Deps } from '../../lib/auth/deps.ts'
import type { Letter } from '../../lib/auth/letters.ts'
import { ok } from '../../lib/auth/result.ts'
import { hashToken } from '../../lib/auth/token.ts'
import { makeLimits } from '../../lib/limits/limits.ts'
import { makeOutbox } from '../../lib/mail/outbox.ts'
import { systemRandom } from '../../lib/random.ts'
import { makeSecrets } from '../../lib/secrets.ts'
import { NOW, PASSWORD_HASH, USER_AGENT } from './rows.ts'

/** What the verbs need, over one of the filled databases; `letters` is the mail they queued. */
export interface GrownApp extends Deps {
  db: Database
  letters: Letter[]
}

/** bcrypt costs the same at every size, so it is left out: every password is right. */
const PASSWORDS: Deps['passwords'] = {
  admit: (act) => act(),
  hash: async () => ok(PASSWORD_HASH),
  verify: async () => ok({ matches: true, needsRehash: false }),
  isCommon: () => false,
}

/** The clock stands at the time the rows were made for. */
export function grownApp(location: DatabaseLocation): GrownApp {
  const db = openDatabase(location)
  const now = () => NOW
  const secrets = makeSecrets('a secret of the benchmark, of thirty-two or more characters')
  const outbox = makeOutbox({ secrets, random: systemRandom, now, nudge: () => undefined })
  const letters: Letter[] = []
  return {
    db,
    letters,
    now,
    random: systemRandom,
    passwords: PASSWORDS,
    limits: makeLimits(db, now, 1_000_000),
    secrets,
    outbox: {
      ...outbox,
      enqueue: async (tx, mail) => {
        letters.push(mail.letter)
        await outbox.enqueue(tx, mail)
      },
    },
    settings: { passwordMinLength: 8, siteName: 'Vestibule', siteHost: 'localhost' },
  }
}

/** Account `n` of rows.ts, as its owner knows it. */
export function account(n: number) {
  const hash = hashToken(`account ${n}`)
  return {
    id: hash.slice(0, 22),
    email: `user${n}@example.com`,
    token: hashToken(`token ${n}`),
    deviceHash: hash.slice(21) + hash.slice(0, 21),
  }
}

export function callerFrom(deviceHash: string): Caller {
  const ip = '198.51.100.7'
  const askedFrom = { browser: 'Chrome', system: 'Windows' }
  const origin = { key: ip, wide: null }
  return {
    requestId: systemRandom.token(16),
    ip,
    origin,
    deviceHash,
    userAgent: USER_AGENT,
    askedFrom,
    sessionToken: null,
  }
}
