import { randomInt } from 'node:crypto'
import { type DatabaseLocation, openDatabase } from '../../db/client.ts'
import { migrate } from '../../db/migrate.ts'
import { deleteExpiredSessions } from '../../db/queries/expired.ts'
import { insertSession } from '../../db/queries/sessions.ts'
import { currentSession } from '../../lib/auth/current-session.ts'
import type { Failure, Result } from '../../lib/auth/result.ts'
import { signin } from '../../lib/auth/signin.ts'
import { signup } from '../../lib/auth/signup.ts'
import { verify } from '../../lib/auth/verify.ts'
import { BATCH } from '../../lib/jobs/delete-expired.ts'
import { account, callerFrom, type GrownApp } from './app.ts'
import { NOW, SESSION_EVERY } from './rows.ts'
import type { Api } from './start-api.ts'

/** One size of one kind of database, open. */
export interface Grown {
  size: number
  location: DatabaseLocation
  app: GrownApp
  api: Api
}

/** Makes ready, which is not measured, and returns what is. */
export type Operation = (grown: Grown) => Promise<() => Promise<unknown>>

const anyAccount = ({ size }: Grown) => account(randomInt(size) + 1)
const anySignedIn = ({ size }: Grown) => account((randomInt(Math.floor(size / SESSION_EVERY)) + 1) * SESSION_EVERY)
const PASSWORD = 'walks in at noon'

function must<T>(result: Result<T, Failure>): T {
  if (!result.ok) throw new Error(`Answered ${result.failure.code}.`)
  return result.value
}

async function newcomer({ app }: Grown) {
  const name = app.random.token(16)
  return { email: `${name}@example.com`, caller: callerFrom(account(0).deviceHash.slice(22) + name.slice(0, 21)) }
}

/** Of a session check, what is left without HTTP: a part of it, told besides. */
export const VERB_ALONE = 'session check, the verb alone'

/** The two that only ask, and so may be done as often as it takes. */
export const CHECKS: Record<string, Operation> = {
  'session check': async (grown) => {
    const { token } = anySignedIn(grown)
    return () => grown.api.checkSession(token)
  },

  [VERB_ALONE]: async (grown) => {
    const { token } = anySignedIn(grown)
    return async () => must(await currentSession(grown.app, token))
  },
}

export const OPERATIONS: Record<string, Operation> = {
  ...CHECKS,

  'sign-in': async (grown) => {
    const { email, deviceHash } = anyAccount(grown)
    const caller = callerFrom(deviceHash)
    return async () => must(await signin(grown.app, { email, password: PASSWORD }, caller))
  },

  'sign-up': async (grown) => {
    const { email, caller } = await newcomer(grown)
    return async () => must(await signup(grown.app, { email, password: PASSWORD }, caller))
  },

  verify: async (grown) => {
    const { email, caller } = await newcomer(grown)
    must(await signup(grown.app, { email, password: PASSWORD }, caller))
    const letter = grown.app.letters.pop()
    if (letter?.template !== 'verify') throw new Error('The sign-up queued no letter with a code.')
    const answer = { challengeId: letter.challengeId, token: letter.code }
    return async () => must(await verify(grown.app, answer, caller))
  },

  [`sweep of ${BATCH} sessions`]: async (grown) => {
    await grown.app.db.transaction(async (tx) => {
      for (let n = 0; n < BATCH; n++) await insertSession(tx, expiredSession(grown))
    })
    return async () => {
      const slice = { from: 0, until: NOW, count: BATCH }
      const { count } = await grown.app.db.run((tx) => deleteExpiredSessions(tx, slice))
      if (count !== BATCH) throw new Error(`Swept ${count} of ${BATCH}.`)
    }
  },

  'start-up': async (grown) => {
    const { token } = anySignedIn(grown)
    return async () => {
      await migrate(grown.location)
      const db = openDatabase(grown.location)
      must(await currentSession({ ...grown.app, db }, token))
      await db.close()
    }
  },
}

export function expiredSession(grown: Grown): Parameters<typeof insertSession>[1] {
  const { id: userId, deviceHash } = anyAccount(grown)
  const { random } = grown.app
  const { ip, userAgent } = callerFrom(deviceHash)
  const expiresAt = NOW - randomInt(1_000_000)
  return {
    ...{ id: random.token(16), tokenHash: random.token(32), userId, deviceHash, ip, userAgent },
    ...{ createdAt: NOW, lastSeenAt: NOW, idleLifetime: 1, expiresAt, absoluteExpiresAt: expiresAt },
  }
}
