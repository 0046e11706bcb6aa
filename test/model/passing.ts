import { and, eq, isNotNull } from 'drizzle-orm'
import { expect } from 'vitest'
import { users } from '#db/schema/tables'
import { PENDING_ACCOUNT_LIFETIME } from '#lib/auth/policy'
import { deleteExpired } from '#lib/jobs/delete-expired'
import { recordingLog } from '../mail/job-log.ts'
import { type ActOf, ADDRESSES, DEVICES } from './acts.ts'
import type { Hall } from './hall.ts'
import { pick } from './pick.ts'
import { allRows } from './rows.ts'

// Time, the sweeper and the operator. Every `expect` is a rule, and its message says it.

const MINUTE = 60_000

/** A browser comes back, so many times at that distance. */
export async function visit(hall: Hall, act: ActOf<'visit'>): Promise<void> {
  for (let time = 0; time < act.times; time += 1) {
    hall.deps.clock.advance(act.every * MINUTE)
    const held = hall.heldBy(pick(DEVICES, act.device))
    if (!held) continue
    const isLive = hall.whyDead(held) === null
    expect(await hall.use(held), 'a session lives until something ends it, and no longer').toBe(isLive)
    hall.seen.add(isLive ? 'visit of somebody signed in' : 'visit of somebody no longer signed in')
  }
}

/** As docs/operations.md says that an operator does it. Null enables the account again. */
export async function disable(hall: Hall, act: ActOf<'disable'>): Promise<void> {
  const email = pick(ADDRESSES, act.address)
  const account = hall.accounts.get(email)
  if (!account) return
  const disabledAt = act.on ? hall.deps.now() : null
  await hall.deps.db.run((tx) =>
    tx
      .update(users)
      .set({ disabledAt })
      .where(and(eq(users.emailKey, email), isNotNull(users.verifiedAt))),
  )
  account.disabled = act.on
  hall.seen.add(act.on ? 'account disabled' : 'account enabled')
}

/** The hourly job. What is not over is held by the rules of every act: it is still there. */
export async function sweep(hall: Hall): Promise<void> {
  const { db, now } = hall.deps
  const never = new AbortController().signal
  await deleteExpired({ db, now, settled: now, eventsKept: Number.MAX_SAFE_INTEGER, log: recordingLog() }, never)
  for (const why of ['its rest', 'thirty days']) hall.end((handed) => hall.whyDead(handed) === why, why)
  hall.endSignups(({ createdAt }) => now() >= createdAt + PENDING_ACCOUNT_LIFETIME, 'a day without proof')
  const { challenges } = await allRows(hall)
  const over = challenges.filter(({ expiresAt }) => now() >= expiresAt)
  expect(over, 'the sweeper leaves no challenge whose time is over').toEqual([])
}
