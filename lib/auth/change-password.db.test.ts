import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { challenges, events, limits, sessions, users } from '#db/schema/tables'
import { browser, type TestDeps, testDeps } from '../../test/deps.ts'
import {
  atOnce,
  byCode,
  byLink,
  codeOf,
  meanwhile,
  must,
  newestLetter,
  PASSWORD,
  signedUp,
  tally,
  verified,
  whileComparing,
  withSession,
} from '../../test/journey.ts'
import { changePassword } from './change-password.ts'
import { currentSession } from './current-session.ts'
import type { Caller } from './deps.ts'
import * as policy from './policy.ts'
import { requestPasswordReset } from './request-password-reset.ts'
import { requestSignin } from './request-signin.ts'
import { resetPassword } from './reset-password.ts'
import { signin } from './signin.ts'
import { signout } from './signout.ts'
import type { SignedIn } from './start-session.ts'
import { verify } from './verify.ts'

let deps: TestDeps
/** Ann's laptop, signed in. */
let mine: SignedIn
let ann: Caller
beforeEach(async () => {
  deps = await testDeps()
  mine = await verified(deps, laptop)
  ann = withSession(laptop, mine)
})
afterEach(() => deps.db.close())

const email = 'ann@example.com'
const laptop = browser('laptop', '192.0.2.1')
const phone = browser('phone', '192.0.2.2')
const NEW = 'an entirely new password'
const right = { currentPassword: PASSWORD, password: NEW }
const wrong = { currentPassword: 'not the password', password: NEW }
const free = policy.SIGNIN_FREE_FAILURES

const isAlive = async ({ token }: SignedIn) => (await currentSession(deps, token)).ok
const opens = async (password: string) => codeOf(await signin(deps, { email, password }, browser('x', '198.51.100.9')))
const trail = async () => {
  const written = await deps.db.run((tx) => tx.select().from(events).where(eq(events.type, 'password_change')))
  return written.map(({ outcome, userId, emailKey, ip }) => [outcome, userId, emailKey, ip])
}

describe('changePassword', () => {
  it('the new password counts and the old does not; this browser goes on, every other one is signed out', async () => {
    const other = must(await signin(deps, { email, password: PASSWORD }, phone))
    const changed = must(await changePassword(deps, right, ann))
    expect([await isAlive(changed), await isAlive(other)]).toEqual([true, false])
    expect(changed.user.email).toBe(email)
    expect(await opens(PASSWORD)).toBe('invalid_credentials')
    expect(await opens(NEW)).toBe('ok')
  })

  it('gives this browser a new session in place of its own: a copy of the old cookie is dead', async () => {
    const changed = must(await changePassword(deps, right, ann))
    expect([changed.token, changed.session.id]).not.toEqual([mine.token, mine.session.id])
    expect(await isAlive(mine)).toBe(false)
    const rows = await deps.db.run((tx) => tx.select().from(sessions))
    expect(rows.map(({ id, deviceHash }) => [id, deviceHash])).toEqual([[changed.session.id, laptop.deviceHash]])
  })

  it.each([true, false])('keeps "Keep me signed in" as it was: %s', async (remember) => {
    const before = must(await signin(deps, { email, password: PASSWORD, remember }, ann))
    deps.clock.advance(60_000)
    const { session, remember: kept } = must(await changePassword(deps, right, withSession(laptop, before)))
    expect(kept).toBe(remember)
    expect(session.expiresAt - deps.now()).toBe(remember ? policy.SESSION_IDLE_REMEMBERED : policy.SESSION_IDLE)
  })

  it('tells the owner by mail, once, for a day', async () => {
    const before = deps.mails.length
    let nudges = 0
    deps.outbox.nudge = () => {
      nudges += 1
    }
    await changePassword(deps, wrong, ann)
    expect(nudges).toBe(0)
    must(await changePassword(deps, right, ann))
    expect(nudges).toBe(1)
    const { askedFrom } = laptop
    expect(deps.mails.slice(before)).toEqual([
      {
        to: email,
        letter: { template: 'password-changed', askedFrom, askedAt: deps.now() },
        expiresAt: deps.now() + policy.NEWS_LIFETIME,
      },
    ])
  })

  it('ends every challenge of the account, and of no other', async () => {
    must(await requestSignin(deps, { email }, laptop))
    const link = newestLetter(deps)
    must(await requestPasswordReset(deps, { email }, phone))
    const reset = newestLetter(deps)
    const bens = await signedUp(deps, browser('ben', '192.0.2.9'), 'ben@example.com')
    must(await changePassword(deps, right, ann))
    expect(codeOf(await verify(deps, byLink(link), laptop))).toBe('challenge_invalid')
    expect(codeOf(await resetPassword(deps, { ...byLink(reset), password: 'a third one' }, phone))).toBe(
      'challenge_invalid',
    )
    const left = await deps.db.run((tx) => tx.select().from(challenges))
    expect(left.map(({ id }) => id)).toEqual([bens.challengeId])
  })

  it('leaves the sessions and the password of others alone', async () => {
    const ben = await verified(deps, browser('ben', '192.0.2.9'), 'ben@example.com')
    must(await changePassword(deps, right, ann))
    expect(await isAlive(ben)).toBe(true)
    expect(
      codeOf(await signin(deps, { email: 'ben@example.com', password: PASSWORD }, browser('y', '198.51.100.8'))),
    ).toBe('ok')
  })

  it('wants the password before: a wrong one changes nothing, after one comparison', async () => {
    const before = deps.passwords.comparisons
    expect(await changePassword(deps, wrong, ann)).toEqual({
      ok: false,
      failure: { code: 'password_required', wrong: true, field: 'currentPassword' },
    })
    expect(deps.passwords.comparisons - before).toBe(1)
    expect([await isAlive(mine), await opens(NEW), await opens(PASSWORD)]).toEqual([true, 'invalid_credentials', 'ok'])
    expect(deps.mails.filter(({ letter }) => letter.template === 'password-changed')).toEqual([])
  })

  it.each([
    ['no session', () => laptop],
    ['a session of nobody', () => ({ ...laptop, sessionToken: 'x'.repeat(43) })],
  ])('is for who is signed in: %s', async (_, caller) => {
    const before = deps.passwords.comparisons
    expect(codeOf(await changePassword(deps, right, caller()))).toBe('not_signed_in')
    expect(deps.passwords.comparisons).toBe(before)
  })

  it.each(['ended', 'disabled'])('is for a live session of a live account: %s', async (kind) => {
    if (kind === 'ended') deps.clock.advance(policy.SESSION_IDLE)
    else await deps.db.run((tx) => tx.update(users).set({ disabledAt: 1 }))
    expect(codeOf(await changePassword(deps, right, ann))).toBe('not_signed_in')
  })

  it.each([
    ['short', 'too_short'],
    ['password1', 'too_common'],
    ['Ann@Example.com', 'contains_email'],
    ['vestibule-2024', 'contains_site_name'],
  ])('refuses a poor new password, and counts nothing: %s', async (password, reason) => {
    const poor = { currentPassword: 'not the password', password }
    for (let time = 0; time <= free; time += 1)
      expect(await changePassword(deps, poor, ann)).toMatchObject({ failure: { code: 'password_refused', reason } })
    expect(codeOf(await changePassword(deps, right, ann))).toBe('ok')
  })

  it('answers busy before it asks the database anything, while no more passwords can wait', async () => {
    deps.passwords.admit = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    deps.db.read = deps.db.run = async () => {
      throw new Error('The database was asked.')
    }
    expect(codeOf(await changePassword(deps, right, ann))).toBe('busy')
  })

  it.each(['verify', 'hash'] as const)(
    'answers busy when the queue is full, and that is no failed try: %s',
    async (at) => {
      const before = deps.passwords[at]
      deps.passwords[at] = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
      for (let time = 0; time < 30; time += 1) expect(codeOf(await changePassword(deps, right, ann))).toBe('busy')
      Object.assign(deps.passwords, { [at]: before })
      expect(codeOf(await changePassword(deps, right, ann))).toBe('ok')
    },
  )
})

describe('of many at once', () => {
  it('exactly one change by the same old password wins, and the account is left with its password and its session', async () => {
    // Each from a browser of its own that is signed in: within the budgets, so that the race alone decides.
    const browsers: Caller[] = []
    for (let index = 0; index < 20; index += 1) {
      const caller = browser(`b${index}`, `198.51.100.${index}`)
      browsers.push(withSession(caller, must(await signin(deps, { email, password: PASSWORD }, caller))))
    }
    const results = await atOnce(20, (index) =>
      changePassword(deps, { currentPassword: PASSWORD, password: `${NEW} ${index}` }, browsers[index] ?? ann),
    )
    const counts = tally(results)
    expect(counts.ok).toBe(1)
    expect((counts.not_signed_in ?? 0) + (counts.password_required ?? 0)).toBe(19)
    const winner = results.findIndex((result) => result.ok)
    const rows = await deps.db.run((tx) => tx.select().from(sessions))
    expect(rows.map(({ deviceHash }) => deviceHash)).toEqual([browsers[winner]?.deviceHash])
    expect(await opens(`${NEW} ${winner}`)).toBe('ok')
    expect(deps.mails.filter(({ letter }) => letter.template === 'password-changed')).toHaveLength(1)
  })

  it('of one browser too', async () => {
    const results = await atOnce(free, (index) =>
      changePassword(deps, { currentPassword: PASSWORD, password: `${NEW} ${index}` }, ann),
    )
    expect(tally(results).ok).toBe(1)
    expect(await deps.db.run((tx) => tx.select().from(sessions))).toHaveLength(1)
  })
})

describe('what comes between the comparison and the change wins', () => {
  const overtaken = async () => {
    expect(codeOf(await changePassword(deps, right, ann))).toBe('not_signed_in')
    expect(await trail()).toEqual([['overtaken', mine.user.id, email, '192.0.2.1']])
    expect(await opens(NEW)).toBe('invalid_credentials')
  }

  it('a reset', async () => {
    must(await requestPasswordReset(deps, { email }, phone))
    const reset = { ...byLink(newestLetter(deps)), password: 'what the owner chose by mail' }
    whileComparing(deps, async () => must(await resetPassword(deps, reset, phone)))
    await overtaken()
    expect(
      await deps.db.run((tx) => tx.select().from(sessions).where(eq(sessions.deviceHash, laptop.deviceHash))),
    ).toEqual([])
    expect(await opens('what the owner chose by mail')).toBe('ok')
  })

  it('a sign-out everywhere', async () => {
    const other = must(await signin(deps, { email, password: PASSWORD }, phone))
    whileComparing(deps, async () => must(await signout(deps, { everywhere: true }, withSession(phone, other))))
    await overtaken()
    expect(await opens(PASSWORD)).toBe('ok')
  })

  it('another hash, also where the session outlives it', async () => {
    const theirs = must(await deps.passwords.hash('what somebody else wrote'))
    whileComparing(deps, () => deps.db.run((tx) => tx.update(users).set({ passwordHash: theirs })))
    await overtaken()
    expect([await isAlive(mine), await opens('what somebody else wrote')]).toEqual([true, 'ok'])
  })

  it('a disabling', async () => {
    whileComparing(deps, () => deps.db.run((tx) => tx.update(users).set({ disabledAt: 1 })))
    await overtaken()
  })

  it('a deletion, also just after the session was found', async () => {
    meanwhile(deps, () => deps.db.run((tx) => tx.delete(users)))
    expect(codeOf(await changePassword(deps, right, ann))).toBe('not_signed_in')
  })
})

describe('limits of changePassword', () => {
  const tries = (count: number, from: (index: number) => Caller = () => ann) =>
    atOnce(count, (index) => changePassword(deps, wrong, from(index)))
  const counters = () => deps.db.run((tx) => tx.select().from(limits))

  it('five failures are free for a known browser, then waits double; the rest is not even compared', async () => {
    // From a new origin each time, so that none of those budgets is met.
    const moving = (): Caller => ({ ...ann, origin: { key: deps.random.token(8), wide: null } })
    const before = deps.passwords.comparisons
    expect(tally(await tries(20, moving))).toEqual({ password_required: free, rate_limited: 20 - free })
    expect(deps.passwords.comparisons - before).toBe(free)
    for (const wait of policy.SIGNIN_BACKOFF) {
      deps.clock.advance(wait - 1)
      expect(await changePassword(deps, right, moving())).toMatchObject({
        failure: { code: 'rate_limited', retryAfter: 1 },
      })
      deps.clock.advance(1)
      expect(tally(await tries(2, moving))).toEqual({ password_required: 1, rate_limited: 1 })
    }
  })

  it('a stolen session in other browsers and at other origins takes from the budget of the account', async () => {
    const thief = (index: number) => withSession(browser(`thief ${index}`, `198.51.100.${index}`), mine)
    expect(tally(await tries(50, thief))).toEqual({ password_required: free, rate_limited: 50 - free })
    // Which is not the owner's own.
    expect(codeOf(await changePassword(deps, right, ann))).toBe('ok')
  })

  it('a guess here is a guess at sign-in, and the other way round', async () => {
    await tries(free - 1)
    const { currentPassword: password } = wrong
    expect(codeOf(await signin(deps, { email, password }, laptop))).toBe('invalid_credentials')
    expect(codeOf(await changePassword(deps, right, ann))).toBe('rate_limited')
    expect(codeOf(await signin(deps, { email, password: PASSWORD }, laptop))).toBe('rate_limited')
  })

  it('one origin is stopped, whosever sessions it has', async () => {
    const { max } = policy.SIGNIN_FAILURES_PER_ORIGIN
    const results = []
    for (let index = 0; index < 6; index += 1) {
      const somebody = browser(`n${index}`, `198.51.100.${index}`)
      const session = await verified(deps, somebody, `n${index}@example.com`)
      const here = { ...withSession(somebody, session), ...{ ip: '203.0.113.7', origin: phone.origin } }
      results.push(...(await atOnce(free, () => changePassword(deps, wrong, here))))
    }
    expect(tally(results)).toEqual({ password_required: max, rate_limited: 6 * free - max })
  })

  it('the right password gives its use back, and makes the failures before it forgotten', async () => {
    await tries(free - 1)
    must(await changePassword(deps, right, ann))
    const left = (await counters()).filter(({ key, count }) => key.startsWith('signin:') && count > 0)
    expect(left.map(({ key, count }) => [key, count])).toEqual([['signin:origin:192.0.2.1', free - 1]])
  })
})

describe('the trail', () => {
  it('has the change, and each wrong password before it', async () => {
    await changePassword(deps, wrong, ann)
    await changePassword(deps, right, ann)
    expect((await trail()).toSorted()).toEqual([
      ['ok', mine.user.id, email, '192.0.2.1'],
      ['wrong_password', mine.user.id, email, '192.0.2.1'],
    ])
  })

  it('has the first refusal by a budget, and whose account it was about', async () => {
    await atOnce(free + 3, () => changePassword(deps, wrong, ann))
    const refused = await deps.db.run((tx) => tx.select().from(events).where(eq(events.type, 'rate_limited')))
    expect(refused).toMatchObject([{ outcome: 'signin:device', emailKey: email }])
  })

  it('has no poor choice of a new password: there is nothing to be seen in it', async () => {
    await changePassword(deps, { ...right, password: 'short' }, ann)
    expect(await trail()).toEqual([])
  })
})

it('a code asked for afterwards works', async () => {
  must(await changePassword(deps, right, ann))
  must(await requestSignin(deps, { email }, phone))
  expect(codeOf(await verify(deps, byCode(newestLetter(deps)), phone))).toBe('ok')
})
