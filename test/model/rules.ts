import { expect } from 'vitest'
import { isTypable } from '#lib/auth/challenge'
import { LIVE_CHALLENGES_PER_ADDRESS, PENDING_ACCOUNTS_PER_ADDRESS, SESSIONS_PER_ACCOUNT } from '#lib/auth/policy'
import type { Hall } from './hall.ts'
import { allRows } from './rows.ts'

// What must hold after each act, whatever it was.

type Rows = Awaited<ReturnType<typeof allRows>>

export async function checkRules(hall: Hall): Promise<void> {
  const rows = await allRows(hall)
  checkAccounts(hall, rows)
  checkChallenges(hall, rows)
  checkSessions(hall, rows)
  await askAboutTheDead(hall)
}

function checkAccounts(hall: Hall, { users }: Rows) {
  const verified = users.filter(({ verifiedAt }) => verifiedAt !== null)
  const keys = verified.map(({ emailKey }) => emailKey)
  expect(new Set(keys).size, 'an address has at most one confirmed account').toBe(keys.length)
  const proved = [...hall.accounts].map(([email, { id }]) => `${email} ${id}`)
  expect(
    verified.map(({ emailKey, id }) => `${emailKey} ${id}`).toSorted(),
    'an account is confirmed exactly when its mailbox was proved',
  ).toEqual(proved.toSorted())

  const pending = users.filter(({ verifiedAt }) => verifiedAt === null)
  const waiting = [...hall.signups].filter(([, { endedBy }]) => endedBy === null).map(([id]) => id)
  expect(pending.map(({ id }) => id).toSorted(), 'a sign-up waits until something ends it, and no longer').toEqual(
    waiting.toSorted(),
  )
  // A sign-up with a taken address leaves a row nobody can confirm; it counts here as any other.
  for (const email of new Set(pending.map(({ emailKey }) => emailKey)))
    expect(
      pending.filter(({ emailKey }) => emailKey === email).length,
      'an address has at most three pending accounts',
    ).toBeLessThanOrEqual(PENDING_ACCOUNTS_PER_ADDRESS)
}

function checkChallenges(hall: Hall, { challenges }: Rows) {
  const live = challenges.filter(
    ({ userId, consumedAt, createdAt }) =>
      userId !== null && consumedAt === null && isTypable(createdAt, hall.deps.now()),
  )
  for (const { purpose, emailKey } of live)
    expect(
      live.filter((each) => each.purpose === purpose && each.emailKey === emailKey).length,
      'an address has at most three live codes of a purpose',
    ).toBeLessThanOrEqual(LIVE_CHALLENGES_PER_ADDRESS)
  for (const { id, consumedAt } of challenges)
    if (hall.spent.has(id)) expect(consumedAt, `no code and no link outlives ${hall.spent.get(id)}`).not.toBeNull()
}

function checkSessions(hall: Hall, { sessions }: Rows) {
  const owners = new Map([...hall.accounts].map(([email, { id }]) => [id, email]))
  for (const { userId } of sessions) {
    expect(owners.has(userId), 'no session without a proved mailbox').toBe(true)
    const ofOwner = sessions.filter((each) => each.userId === userId)
    expect(ofOwner.length, 'an account has at most twenty sessions').toBeLessThanOrEqual(SESSIONS_PER_ACCOUNT)
  }
  const held = hall.handed.filter(({ endedBy }) => endedBy === null)
  expect(
    sessions.map(({ tokenHash, expiresAt }) => [tokenHash, expiresAt]).toSorted(),
    'there are the sessions that were handed out and not ended, each until its rest or its age is over',
  ).toEqual(held.map(({ signedIn, endsAt }) => [signedIn.session.tokenHash, endsAt]).toSorted())
}

/** Once for each reason: what has no row any more, or a time that is over, nobody brings back. */
async function askAboutTheDead(hall: Hall) {
  for (const handed of hall.handed) {
    const why = hall.whyDead(handed)
    if (why !== null && why !== handed.refusedFor) {
      expect(await hall.use(handed), `no session outlives ${why}`).toBe(false)
      hall.seen.add(`session refused after ${why}`)
    }
    handed.refusedFor = why
  }
}
