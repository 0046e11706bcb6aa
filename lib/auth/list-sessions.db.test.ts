import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sessions, users } from '#db/schema/tables'
import { browser, NOON, type TestDeps, testDeps } from '../../test/deps.ts'
import { codeOf, must, PASSWORD, verified } from '../../test/journey.ts'
import { currentSession } from './current-session.ts'
import { listSessions } from './list-sessions.ts'
import * as policy from './policy.ts'
import { signin } from './signin.ts'
import type { SignedIn } from './start-session.ts'

let deps: TestDeps
/** Ann's laptop, signed in. */
let mine: SignedIn
beforeEach(async () => {
  deps = await testDeps()
  mine = await verified(deps, laptop)
})
afterEach(() => deps.db.close())

const email = 'ann@example.com'
const laptop = browser('laptop', '192.0.2.1')
const phone = browser('phone', '192.0.2.2')
const MINUTE = 60_000

const onPhone = async (remember = false) => must(await signin(deps, { email, password: PASSWORD, remember }, phone))
const listed = async ({ token }: SignedIn = mine) => must(await listSessions(deps, token)).sessions
const listedIds = async (asking?: SignedIn) => (await listed(asking)).map(({ id }) => id)

describe('listSessions', () => {
  it('gives every live session of the account as its owner may see it, the last used first', async () => {
    deps.clock.advance(MINUTE)
    const theirs = await onPhone(true)
    const { user, sessions } = must(await listSessions(deps, mine.token))
    expect(user.email).toBe(email)
    expect(sessions).toEqual([
      {
        id: theirs.session.id,
        ...{ createdAt: NOON + MINUTE, lastSeenAt: NOON + MINUTE, expiresAt: theirs.session.expiresAt },
        ...{ idleLifetime: policy.SESSION_IDLE_REMEMBERED, absoluteExpiresAt: theirs.session.absoluteExpiresAt },
        ...{ userAgent: phone.userAgent, ip: '192.0.2.2', remembered: true, current: false },
      },
      {
        id: mine.session.id,
        ...{ createdAt: NOON, lastSeenAt: NOON, expiresAt: mine.session.expiresAt },
        ...{ idleLifetime: policy.SESSION_IDLE, absoluteExpiresAt: mine.session.absoluteExpiresAt },
        ...{ userAgent: laptop.userAgent, ip: '192.0.2.1', remembered: false, current: true },
      },
    ])
  })

  it('counts its own use, which puts it first', async () => {
    const theirs = await onPhone()
    deps.clock.advance(policy.SESSION_TOUCH_EVERY)
    expect((await listed()).map(({ id, lastSeenAt }) => [id, lastSeenAt])).toEqual([
      [mine.session.id, deps.now()],
      [theirs.session.id, NOON],
    ])
  })

  it('knows each session by who asks', async () => {
    const theirs = await onPhone()
    const current = async (asking: SignedIn) =>
      (await listed(asking)).filter(({ current }) => current).map(({ id }) => id)
    expect([await current(mine), await current(theirs)]).toEqual([[mine.session.id], [theirs.session.id]])
  })

  it('gives nothing of anybody else', async () => {
    const bens = await verified(deps, browser('ben', '192.0.2.9'), 'ben@example.com')
    expect([await listedIds(), await listedIds(bens)]).toEqual([[mine.session.id], [bens.session.id]])
  })

  it('gives none that has ended, by the condition of every request: rest, age, a clock that ran ahead', async () => {
    const [rested, aged, ahead] = [await onPhone(), await onPhone(), await onPhone()]
    const change = (of: SignedIn, to: Partial<typeof sessions.$inferInsert>) =>
      deps.db.run((tx) => tx.update(sessions).set(to).where(eq(sessions.id, of.session.id)))
    await change(rested, { expiresAt: deps.now() })
    await change(aged, { absoluteExpiresAt: deps.now() })
    await change(ahead, { createdAt: deps.now() + policy.CLOCK_TOLERANCE + 1 })
    for (const { token } of [rested, aged, ahead])
      expect(codeOf(await currentSession(deps, token))).toBe('not_signed_in')
    expect(await listedIds()).toEqual([mine.session.id])
    await change(ahead, { createdAt: deps.now() + policy.CLOCK_TOLERANCE })
    expect((await listedIds()).toSorted()).toEqual([mine.session.id, ahead.session.id].toSorted())
  })

  it('gives twenty at most, because no more are kept', async () => {
    const ids: string[] = []
    for (let time = 0; time < policy.SESSIONS_PER_ACCOUNT + 2; time += 1) {
      deps.clock.advance(1)
      mine = await onPhone()
      ids.unshift(mine.session.id)
    }
    expect(await listedIds()).toEqual(ids.slice(0, policy.SESSIONS_PER_ACCOUNT))
  })

  it.each([null, 'x'.repeat(43)])('is for who is signed in: %s', async (token) => {
    expect(await listSessions(deps, token)).toEqual({ ok: false, failure: { code: 'not_signed_in' } })
  })

  it('is not for a disabled account', async () => {
    await deps.db.run((tx) => tx.update(users).set({ disabledAt: 1 }))
    expect(codeOf(await listSessions(deps, mine.token))).toBe('not_signed_in')
  })
})
