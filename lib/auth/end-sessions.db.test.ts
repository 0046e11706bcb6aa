import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { events, limits, sessions, users } from '#db/schema/tables'
import { browser, type TestDeps, testDeps } from '../../test/deps.ts'
import {
  atOnce,
  byLink,
  codeOf,
  must,
  newestLetter,
  PASSWORD,
  tally,
  verified,
  whileComparing,
  withSession,
} from '../../test/journey.ts'
import { changePassword } from './change-password.ts'
import { currentSession } from './current-session.ts'
import type { Caller } from './deps.ts'
import { endSessions } from './end-sessions.ts'
import * as policy from './policy.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { resetPassword } from './reset-password.ts'
import { signin } from './signin.ts'
import { signout } from './signout.ts'
import type { SignedIn } from './start-session.ts'

let deps: TestDeps
/** Ann's laptop and two of her other browsers, signed in. */
let mine: SignedIn
let theirs: SignedIn
let another: SignedIn
let ann: Caller
beforeEach(async () => {
  deps = await testDeps()
  mine = await verified(deps, laptop)
  ann = withSession(laptop, mine)
  theirs = must(await signin(deps, { email, password: PASSWORD }, phone))
  another = must(await signin(deps, { email, password: PASSWORD }, browser('library', '192.0.2.3')))
})
afterEach(() => deps.db.close())

const email = 'ann@example.com'
const laptop = browser('laptop', '192.0.2.1')
const phone = browser('phone', '192.0.2.2')
const free = policy.SIGNIN_FREE_FAILURES

const idsOf = (...which: SignedIn[]) => which.map(({ session }) => session.id)
const end = (which: SignedIn[], caller: Caller = ann, currentPassword = PASSWORD) =>
  endSessions(deps, { sessionIds: idsOf(...which), currentPassword }, caller)
const guess = (caller: Caller = ann) => end([theirs], caller, 'not the password')
const alive = (...which: SignedIn[]) =>
  Promise.all(which.map(async ({ token }) => (await currentSession(deps, token)).ok))
const trail = async () => {
  const written = await deps.db.run((tx) => tx.select().from(events).where(eq(events.type, 'signout_chosen')))
  return written.map(({ outcome, userId, emailKey, ip }) => [outcome, userId, emailKey, ip])
}

describe('endSessions', () => {
  it('ends what was chosen and nothing else, after one comparison', async () => {
    const before = deps.passwords.comparisons
    expect(must(await end([theirs]))).toBe(1)
    expect(deps.passwords.comparisons - before).toBe(1)
    expect(await alive(mine, theirs, another)).toEqual([true, false, true])
  })

  it('ends several at once, and says how many', async () => {
    expect(must(await end([theirs, another, theirs]))).toBe(2)
    expect(await alive(mine, theirs, another)).toEqual([true, false, false])
  })

  it('leaves the session that asks alone, also where it is among them', async () => {
    expect(must(await end([mine]))).toBe(0)
    expect(must(await end([mine, theirs]))).toBe(1)
    expect(await alive(mine, theirs, another)).toEqual([true, false, true])
  })

  it('does nothing to the sessions of others, and answers as for one that has ended', async () => {
    const ben = browser('ben', '192.0.2.9')
    const bens = await verified(deps, ben, 'ben@example.com')
    must(await signout(deps, {}, withSession(phone, theirs)))
    expect([await end([bens]), await end([theirs])]).toEqual([
      { ok: true, value: 0 },
      { ok: true, value: 0 },
    ])
    expect(must(await end([bens, theirs, another]))).toBe(1)
    expect(await alive(mine, bens, another)).toEqual([true, true, false])
  })

  it('counts none that has expired', async () => {
    deps.clock.advance(policy.SESSION_IDLE - 1)
    expect(await alive(mine, another)).toEqual([true, true])
    deps.clock.advance(1)
    expect(must(await end([theirs, another]))).toBe(1)
  })

  it('wants the password: a wrong one ends nothing', async () => {
    expect(await guess()).toEqual({
      ok: false,
      failure: { code: 'password_required', wrong: true, field: 'currentPassword' },
    })
    expect(await alive(mine, theirs, another)).toEqual([true, true, true])
  })

  it.each([
    ['no session', () => laptop],
    ['a session of nobody', () => ({ ...laptop, sessionToken: 'x'.repeat(43) })],
    ['the id of a session for its token', () => ({ ...laptop, sessionToken: mine.session.id })],
  ])('is for who is signed in: %s', async (_, caller) => {
    const before = deps.passwords.comparisons
    expect(codeOf(await end([theirs], caller()))).toBe('not_signed_in')
    expect(deps.passwords.comparisons).toBe(before)
    expect(await alive(theirs)).toEqual([true])
  })

  it.each(['ended', 'disabled'])('is for a live session of a live account: %s', async (kind) => {
    if (kind === 'ended') deps.clock.advance(policy.SESSION_IDLE)
    else await deps.db.run((tx) => tx.update(users).set({ disabledAt: 1 }))
    expect(codeOf(await end([theirs]))).toBe('not_signed_in')
  })

  it('answers busy before it asks the database anything, while no more passwords can wait', async () => {
    deps.passwords.admit = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    deps.db.read = deps.db.run = async () => {
      throw new Error('The database was asked.')
    }
    expect(codeOf(await end([theirs]))).toBe('busy')
  })

  it('answers busy when the queue is full, and that is no failed try', async () => {
    const { verify } = deps.passwords
    deps.passwords.verify = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    for (let time = 0; time < 30; time += 1) expect(codeOf(await end([theirs]))).toBe('busy')
    deps.passwords.verify = verify
    expect(codeOf(await end([theirs]))).toBe('ok')
  })

  it('sends no mail: as a sign-out everywhere', async () => {
    const before = deps.mails.length
    must(await end([theirs]))
    expect(deps.mails.slice(before)).toEqual([])
  })
})

describe('of many at once', () => {
  it('two that end each other: one wins, the other is signed out', async () => {
    const results = await Promise.all([end([theirs]), end([mine], withSession(phone, theirs))])
    expect(tally(results)).toEqual({ ok: 1, not_signed_in: 1 })
    const [iWon = false] = results.map(({ ok }) => ok)
    expect(await alive(mine, theirs, another)).toEqual([iWon, !iWon, true])
  })

  it('twenty that end each other: one is left, and each that ended was counted once', async () => {
    const browsers: { caller: Caller; signedIn: SignedIn }[] = []
    for (let index = 0; index < policy.SESSIONS_PER_ACCOUNT; index += 1) {
      const caller = browser(`b${index}`, `198.51.100.${index}`)
      // Later than those of before, which are the oldest then, and go.
      deps.clock.advance(1)
      const signedIn = must(await signin(deps, { email, password: PASSWORD }, caller))
      browsers.push({ caller: withSession(caller, signedIn), signedIn })
    }
    const all = browsers.map(({ signedIn }) => signedIn)
    const results = await atOnce(browsers.length, (index) => end(all, browsers[index]?.caller ?? ann))
    expect(tally(results)).toEqual({ ok: 1, not_signed_in: 19 })
    expect(results.flatMap((result) => (result.ok ? [result.value] : []))).toEqual([19])
    expect((await alive(...all)).filter(Boolean)).toHaveLength(1)
  })

  it('the same twice: it is ended and counted once', async () => {
    const results = await atOnce(2, () => end([theirs]))
    expect(results.map((result) => must(result)).toSorted()).toEqual([0, 1])
  })

  it('one that is ended while it signs out itself', async () => {
    const [ended] = await Promise.all([end([theirs]), signout(deps, {}, withSession(phone, theirs))])
    expect([codeOf(ended), await alive(mine, theirs)]).toEqual(['ok', [true, false]])
  })
})

describe('what comes between the comparison and the end wins', () => {
  const overtaken = async () => {
    expect(codeOf(await end([another]))).toBe('not_signed_in')
    expect(await trail()).toEqual([['overtaken', mine.user.id, email, '192.0.2.1']])
  }

  it('a reset', async () => {
    must(await requestPasswordReset(deps, { email }, phone))
    const reset = { ...byLink(newestLetter(deps)), password: 'what the owner chose by mail' }
    whileComparing(deps, async () => must(await resetPassword(deps, reset, phone)))
    await overtaken()
  })

  it('a change of the password, whose new session outlives it', async () => {
    const change = { currentPassword: PASSWORD, password: 'an entirely new one' }
    const changed: SignedIn[] = []
    whileComparing(deps, async () => changed.push(must(await changePassword(deps, change, withSession(phone, theirs)))))
    await overtaken()
    expect(await alive(...changed)).toEqual([true])
  })

  it('a sign-out of this session alone: no other one is ended', async () => {
    whileComparing(deps, () => signout(deps, {}, ann))
    await overtaken()
    expect(await alive(another)).toEqual([true])
  })

  it('somebody else who ends this session: no other one is ended', async () => {
    whileComparing(deps, async () => must(await end([mine], withSession(phone, theirs))))
    expect(codeOf(await end([another]))).toBe('not_signed_in')
    expect(await alive(mine, another)).toEqual([false, true])
  })

  it('another hash, also where every session outlives it', async () => {
    const hash = must(await deps.passwords.hash('what somebody else wrote'))
    whileComparing(deps, () => deps.db.run((tx) => tx.update(users).set({ passwordHash: hash })))
    await overtaken()
    expect(await alive(mine, another)).toEqual([true, true])
  })

  it('a disabling', async () => {
    whileComparing(deps, () => deps.db.run((tx) => tx.update(users).set({ disabledAt: 1 })))
    await overtaken()
    expect(await deps.db.run((tx) => tx.select().from(sessions))).toHaveLength(3)
  })
})

describe('limits of endSessions', () => {
  it('a guess here is a guess at sign-in and at a change, and the other way round', async () => {
    const password = 'not the password'
    await atOnce(free - 2, () => guess())
    expect(codeOf(await signin(deps, { email, password }, laptop))).toBe('invalid_credentials')
    const change = { currentPassword: password, password: 'an entirely new one' }
    expect(codeOf(await changePassword(deps, change, ann))).toBe('password_required')
    expect(codeOf(await end([theirs]))).toBe('rate_limited')
    expect(codeOf(await signin(deps, { email, password: PASSWORD }, laptop))).toBe('rate_limited')
    expect(codeOf(await changePassword(deps, { ...change, currentPassword: PASSWORD }, ann))).toBe('rate_limited')
    expect(await alive(theirs)).toEqual([true])
  })

  it('a stolen session in other browsers and at other origins takes from the budget of the account', async () => {
    const thief = (index: number) => withSession(browser(`thief ${index}`, `198.51.100.${index}`), mine)
    const before = deps.passwords.comparisons
    const results = await atOnce(50, (index) => guess(thief(index)))
    expect(tally(results)).toEqual({ password_required: free, rate_limited: 50 - free })
    expect(deps.passwords.comparisons - before).toBe(free)
    // Which is not the owner's own.
    expect(codeOf(await end([theirs]))).toBe('ok')
  })

  it('the right password gives its use back, and makes the failures before it forgotten', async () => {
    await atOnce(free - 1, () => guess())
    must(await end([theirs]))
    const counters = await deps.db.run((tx) => tx.select().from(limits))
    const left = counters.filter(({ key, count }) => key.startsWith('signin:') && count > 0)
    expect(left.map(({ key, count }) => [key, count])).toEqual([['signin:origin:192.0.2.1', free - 1]])
  })
})

it('the trail has each act once, and each wrong password before it', async () => {
  await guess()
  must(await end([theirs, another]))
  expect((await trail()).toSorted()).toEqual([
    ['ok', mine.user.id, email, '192.0.2.1'],
    ['wrong_password', mine.user.id, email, '192.0.2.1'],
  ])
})
