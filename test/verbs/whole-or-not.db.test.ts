import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Tx } from '#db/client'
import { challenges, devices, events, outbox, sessions, users } from '#db/schema/tables'
import { changePassword } from '#lib/auth/change-password'
import { currentSession } from '#lib/auth/current-session'
import { endSessions } from '#lib/auth/end-sessions'
import { rejectSignup } from '#lib/auth/reject-signup'
import { requestPasswordReset } from '#lib/auth/request-password-reset'
import { requestSignin } from '#lib/auth/request-signin'
import { requestVerification } from '#lib/auth/request-verification'
import { resetPassword } from '#lib/auth/reset-password'
import { type Failure, ok, type Result } from '#lib/auth/result'
import { signin } from '#lib/auth/signin'
import { signout } from '#lib/auth/signout'
import { signup } from '#lib/auth/signup'
import { verify } from '#lib/auth/verify'
import { browser, type TestDeps, testDeps } from '../deps.ts'
import { byCode, byLink, codeOf, must, newestLetter, PASSWORD, signedUp, verified, withSession } from '../journey.ts'

// Whatever breaks between two writes of a verb: nothing of what it was doing is kept, and it can be done afterwards.

const email = 'ann@example.com'
const laptop = browser('laptop')
const phone = browser('phone', '192.0.2.2')

/** Budgets are counted outside of what they guard, on purpose: a failure must not give a use back. They are not the point here. */
const boundless: TestDeps['limits'] = {
  take: async () => ok(null),
  takeWithin: async () => ok(null),
  giveBack: async () => undefined,
  forgetFailures: async () => 0,
}

let deps: TestDeps
beforeEach(async () => {
  deps = { ...(await testDeps()), limits: boundless }
})
afterEach(() => deps.db.close())

class PowerCut extends Error {}

/** The same with a database that fails at the nth write of a transaction; `written` says how many there were. */
function cutAt(nth: number): { cut: TestDeps; written: () => number } {
  let writes = 0
  const cutting = (tx: Tx): Tx =>
    new Proxy(tx, {
      get: (target, name) => {
        if (['insert', 'update', 'delete'].includes(String(name)) && ++writes === nth) throw new PowerCut()
        const value = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  const { db } = deps
  const transaction: typeof db.transaction = (work) => db.transaction((tx) => work(cutting(tx)))
  return { cut: { ...deps, db: { ...db, transaction } }, written: () => writes }
}

/** Everything that is kept, but the counters: tries are counted before they are compared, whatever comes of it. */
async function kept(): Promise<unknown> {
  const tables = await deps.db.run(async (tx) => [
    await tx.select().from(users).orderBy(users.id),
    (await tx.select().from(challenges).orderBy(challenges.id)).map((row) => ({ ...row, attempts: 0 })),
    await tx.select().from(sessions).orderBy(sessions.id),
    await tx.select().from(devices).orderBy(devices.deviceHash),
    await tx.select().from(outbox).orderBy(outbox.id),
    await tx.select().from(events).orderBy(events.id),
  ])
  return tables
}

type Verb = (deps: TestDeps) => Promise<Result<unknown, Failure>>
const account = { email, password: PASSWORD }

/** How each verb's turn comes, and the verb. */
const VERBS: [name: string, prepare: () => Promise<Verb>][] = [
  ['sign-up', async () => (on) => signup(on, account, laptop)],
  [
    'sign-up, where the address has an account',
    async () => {
      await verified(deps, laptop)
      return (on) => signup(on, account, phone)
    },
  ],
  [
    'a new mail for a sign-up',
    async () => {
      await signedUp(deps, laptop)
      return (on) => requestVerification(on, { email }, laptop)
    },
  ],
  [
    'a code that confirms, with rivals',
    async () => {
      await signedUp(deps, phone, email, 'an umbrella in a stand')
      const letter = await signedUp(deps, laptop)
      return (on) => verify(on, byCode(letter), laptop)
    },
  ],
  [
    '"This wasn’t me"',
    async () => {
      const letter = await signedUp(deps, laptop)
      return (on) => rejectSignup(on, byLink(letter), phone)
    },
  ],
  [
    'a sign-in over a session',
    async () => {
      const before = await verified(deps, laptop)
      return (on) => signin(on, account, withSession(laptop, before))
    },
  ],
  [
    'asking for a link',
    async () => {
      await verified(deps, laptop)
      return (on) => requestSignin(on, { email }, laptop)
    },
  ],
  [
    'a link that signs in elsewhere',
    async () => {
      await verified(deps, laptop)
      await requestSignin(deps, { email }, laptop)
      const letter = newestLetter(deps)
      return (on) => verify(on, { ...byLink(letter), confirm: true }, phone)
    },
  ],
  [
    'signing out',
    async () => {
      const before = await verified(deps, laptop)
      return (on) => signout(on, {}, withSession(laptop, before))
    },
  ],
  [
    'signing out everywhere',
    async () => {
      await verified(deps, laptop)
      const second = await signin(deps, account, phone)
      if (!second.ok) throw new Error('The second device is not signed in.')
      return (on) => signout(on, { everywhere: true }, withSession(phone, second.value))
    },
  ],
  [
    'asking for a reset',
    async () => {
      await verified(deps, laptop)
      return (on) => requestPasswordReset(on, { email }, laptop)
    },
  ],
  [
    'a reset',
    async () => {
      await verified(deps, laptop)
      await requestPasswordReset(deps, { email }, laptop)
      const letter = newestLetter(deps)
      return (on) => resetPassword(on, { ...byCode(letter), password: 'an umbrella in a stand' }, laptop)
    },
  ],
  [
    'a change of the password',
    async () => {
      const before = await verified(deps, laptop)
      await signin(deps, account, phone)
      await requestPasswordReset(deps, { email }, phone)
      const change = { currentPassword: PASSWORD, password: 'an umbrella in a stand' }
      return (on) => changePassword(on, change, withSession(laptop, before))
    },
  ],
  [
    'an end of chosen sessions',
    async () => {
      const mine = await verified(deps, laptop)
      const others = [must(await signin(deps, account, phone)), must(await signin(deps, account, phone))]
      const sessionIds = others.map(({ session }) => session.id)
      return (on) => endSessions(on, { sessionIds, currentPassword: PASSWORD }, withSession(laptop, mine))
    },
  ],
]

it.each(VERBS)('%s', async (_name, prepare) => {
  const verb = await prepare()
  const before = await kept()
  let nth = 1
  for (; ; nth += 1) {
    await deps.db.run((tx) => tx.update(challenges).set({ attempts: 0 }))
    const { cut, written } = cutAt(nth)
    const outcome = await verb(cut).then(codeOf, (error: unknown) => error)
    if (written() < nth) {
      // No write was left to fail: done, after all those that were undone.
      expect(outcome).toBe('ok')
      break
    }
    expect(outcome, `write ${nth}`).toBeInstanceOf(PowerCut)
    expect(await kept(), `write ${nth}`).toEqual(before)
  }
  expect(nth).toBeGreaterThan(2)
  expect(await kept()).not.toEqual(before)
})

it('a limit that cannot be counted lets nobody in', async () => {
  await verified(deps, laptop)
  const broken = async () => {
    throw new Error('The counters are gone.')
  }
  const on = { ...deps, limits: { ...boundless, take: broken } }
  const before = await kept()
  const { comparisons } = deps.passwords
  await expect(signin(on, account, phone)).rejects.toThrow('counters')
  await expect(signup(on, account, phone)).rejects.toThrow('counters')
  expect(deps.passwords.comparisons).toBe(comparisons)
  expect(await kept()).toEqual(before)
})

it('a hasher that breaks lets nobody in', async () => {
  const signedIn = await verified(deps, laptop)
  const broken = async () => {
    throw new Error('The thread is gone.')
  }
  const on = { ...deps, passwords: { ...deps.passwords, verify: broken, hash: broken } }
  await expect(signin(on, account, phone)).rejects.toThrow('thread')
  await expect(signup(on, account, phone)).rejects.toThrow('thread')
  const change = { currentPassword: PASSWORD, password: 'an umbrella in a stand' }
  await expect(changePassword(on, change, withSession(laptop, signedIn))).rejects.toThrow('thread')
  const chosen = { sessionIds: [signedIn.session.id], currentPassword: PASSWORD }
  await expect(endSessions(on, chosen, withSession(laptop, signedIn))).rejects.toThrow('thread')
  const tokens = await deps.db.run((tx) => tx.select({ id: sessions.id }).from(sessions))
  expect(tokens).toHaveLength(1)
  expect(codeOf(await currentSession(on, signedIn.token))).toBe('ok')
})
