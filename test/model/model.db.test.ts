import fc from 'fast-check'
import { expect, it } from 'vitest'
import { challenges, sessions, users } from '#db/schema/tables'
import { makeLimits } from '#lib/limits/limits'
import { testDeps } from '../deps.ts'
import { type Act, Hall } from './hall.ts'
import { perform } from './perform.ts'

// Random visitors do random things in random order. What must hold after each of them stands below as sentences, and in
// perform.ts beside the act it belongs to. `MODEL_RUNS` makes a long run of it.

const RUNS = Number(process.env.MODEL_RUNS ?? 25)
const ACTS = 40

const small = fc.nat({ max: 5 })
const by = fc.constantFrom('code' as const, 'code' as const, 'link' as const, 'link' as const, 'wrong' as const)
const mail = fc.nat({ max: 200 })

const verifying = {
  do: fc.constant('verify' as const),
  device: small,
  mail,
  by,
  password: fc.option(small),
  confirm: fc.boolean(),
}

const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('signup' as const), device: small, address: small, password: small }),
  fc.record({ do: fc.constant('signin' as const), device: small, address: small, password: small }),
  fc.record({
    do: fc.constant('request' as const),
    what: fc.constantFrom('requestVerification' as const, 'requestSignin' as const, 'requestPasswordReset' as const),
    device: small,
    address: small,
  }),
  { arbitrary: fc.record(verifying), weight: 2 },
  fc.record({ do: fc.constant('reset' as const), device: small, mail, by, password: small }),
  fc.record({ do: fc.constant('change' as const), device: small, current: small, password: small }),
  fc.record({ do: fc.constant('reject' as const), device: small, mail }),
  fc.record({ do: fc.constant('signout' as const), device: small, everywhere: fc.boolean() }),
  fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 1, 6, 11, 31, 800, 1500) }),
)

async function checkRules(hall: Hall): Promise<void> {
  const { deps } = hall
  const rows = await deps.db.run(async (tx) => ({
    users: await tx.select().from(users),
    sessions: await tx.select().from(sessions),
    challenges: await tx.select().from(challenges),
  }))
  const verified = rows.users.filter(({ verifiedAt }) => verifiedAt !== null)
  const keys = verified.map(({ emailKey }) => emailKey)
  expect(new Set(keys).size, 'an address has at most one confirmed account').toBe(keys.length)
  expect(keys.toSorted(), 'an account is confirmed exactly when its mailbox was proved').toEqual(
    [...hall.passwords.keys()].toSorted(),
  )
  for (const session of rows.sessions)
    expect(
      verified.map(({ id }) => id),
      'no session without a proved mailbox',
    ).toContain(session.userId)
  for (const key of new Set(rows.users.map(({ emailKey }) => emailKey))) {
    const pending = rows.users.filter((user) => user.emailKey === key && user.verifiedAt === null)
    // A sign-up with a taken address leaves a row nobody can confirm; it counts here as any other.
    expect(pending.length, 'an address has at most three pending accounts').toBeLessThanOrEqual(3)
  }
  for (const { purpose, emailKey } of rows.challenges) {
    const live = rows.challenges.filter(
      (each) =>
        each.purpose === purpose &&
        each.emailKey === emailKey &&
        each.userId !== null &&
        each.consumedAt === null &&
        each.createdAt > deps.now() - 600_000,
    )
    expect(live.length, 'an address has at most three live codes of a purpose').toBeLessThanOrEqual(3)
  }
  for (const handed of hall.handed.filter(({ endedBy }) => endedBy !== null))
    expect(await hall.isAlive(handed), `no session outlives ${handed.endedBy}`).toBe(false)
  const age = (start: number) => deps.now() - start
  for (const handed of hall.handed)
    if (age(handed.signedIn.session.createdAt) >= 30 * 86_400_000)
      expect(await hall.isAlive(handed), 'no session outlives thirty days').toBe(false)
}

it('the rules hold after every act of random visitors', { timeout: RUNS * 20_000 }, async () => {
  let [confirmed, resets, changes] = [0, 0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { minLength: ACTS / 2, maxLength: ACTS, size: 'max' }), async (sequence) => {
      const deps = await testDeps()
      // Budgets have tests of their own; here they would end every story early.
      deps.limits = makeLimits(deps.db, deps.now, 1000)
      const hall = new Hall(deps)
      try {
        for (const act of sequence) {
          await perform(hall, act)
          await checkRules(hall)
        }
      } finally {
        confirmed += hall.passwords.size
        const endedBy = (what: string) => hall.handed.filter((handed) => handed.endedBy === what).length
        resets += endedBy('a reset')
        changes += endedBy('a change of the password')
        await deps.db.close()
      }
    }),
    // A failure is shrunk for half a minute at most.
    { numRuns: RUNS, interruptAfterTimeLimit: RUNS * 1500 + 30_000 },
  )
  // A model whose visitors never get in would hold by doing nothing.
  expect(confirmed).toBeGreaterThan(RUNS / 5)
  if (RUNS >= 200) expect([resets > 0, changes > 0]).toEqual([true, true])
})
