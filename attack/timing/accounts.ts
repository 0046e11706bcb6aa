import { findPendingUser, findVerifiedUser, insertUser } from '#db/queries/users'
import type { Deps } from '#lib/auth/deps'

export const CLASSES = ['unknown', 'pending', 'verified', 'disabled'] as const
export type Class = (typeof CLASSES)[number]

/** Of no browser that asks. */
const DEVICE_HASH = 'none'

/**
 * Addresses for so many rounds, one of each class a round, with the accounts that go with them. No address is handed out
 * twice, nor by two series: what a door has been asked once is somebody else to it the next time, and to other doors too.
 * Random and of equal length: neither spelling nor place in an index goes with the class. `next` looks whether each still
 * is what it shall be, and throws where one is not.
 */
export async function addressSeries(deps: Deps, rounds: number): Promise<{ next(): Promise<Record<Class, string>> }> {
  const addresses = Array.from({ length: rounds }, () => {
    const address = () => `visitor${deps.random.digits(12)}@example.com`
    return { unknown: address(), pending: address(), verified: address(), disabled: address() }
  })
  await createAccounts(deps, addresses)
  return {
    next: async () => {
      const round = addresses.pop()
      if (!round) throw new Error('Every address has been asked for.')
      // All four before the round, so that none is fresher in a cache than the others.
      for (const name of CLASSES) {
        const found = await classOf(deps, round[name])
        if (found !== name) throw new Error(`${round[name]} should be ${name} before its call and is ${found}.`)
      }
      return round
    },
  }
}

async function createAccounts(deps: Deps, addresses: Record<Class, string>[]): Promise<void> {
  const hashed = await deps.passwords.hash('the password of them all')
  if (!hashed.ok) throw new Error('The hash queue is full.')
  const now = deps.now()
  const account = (email: string, verifiedAt: number | null, disabledAt: number | null) => {
    const id = deps.random.token(16)
    const same = { passwordHash: hashed.value, deviceHash: DEVICE_HASH, createdAt: now }
    return { id, email, emailKey: email, verifiedAt, disabledAt, ...same }
  }
  await deps.db.transaction(async (tx) => {
    for (const { pending, verified, disabled } of addresses) {
      await insertUser(tx, account(pending, null, null))
      await insertUser(tx, account(verified, now, null))
      await insertUser(tx, account(disabled, now, now))
    }
  })
}

/** What the database holds about an address. */
export function classOf(deps: Deps, email: string): Promise<Class> {
  return deps.db.run(async (tx) => {
    const owner = await findVerifiedUser(tx, email)
    if (owner) return owner.disabledAt === null ? 'verified' : 'disabled'
    return (await findPendingUser(tx, email, DEVICE_HASH)) ? 'pending' : 'unknown'
  })
}
