import { insertUser } from '#db/queries/users'
import type { App } from '#lib/deps'

export const CLASSES = ['unknown', 'pending', 'verified', 'disabled'] as const
export type Class = (typeof CLASSES)[number]

/** Enough that no address is asked for twice by one endpoint: the second time is another story for it. */
const ADDRESSES = 600

/** Addresses of each class, handed out in turn; the unknown ones have the same shape and length. */
export async function addressPools(app: App): Promise<{ next(name: Class): string }> {
  const hashed = await app.passwords.hash('the password of them all')
  if (!hashed.ok) throw new Error('The hash queue is full.')
  for (const name of CLASSES.filter((each) => each !== 'unknown')) {
    await app.db.transaction(async (tx) => {
      for (let index = 0; index < ADDRESSES; index += 1) {
        const email = address(name, index)
        const verifiedAt = name === 'pending' ? null : app.now()
        const disabledAt = name === 'disabled' ? app.now() : null
        const created = { deviceHash: 'none', verifiedAt, disabledAt, createdAt: app.now() }
        await insertUser(tx, {
          id: app.random.token(16),
          email,
          emailKey: email,
          passwordHash: hashed.value,
          ...created,
        })
      }
    })
  }
  const handed = new Map<Class, number>()
  return {
    next: (name) => {
      const index = handed.get(name) ?? 0
      handed.set(name, index + 1)
      return address(name, index % ADDRESSES)
    },
  }
}

// Equal length: what is longer takes longer to write.
const address = (name: Class, index: number) => `${name.padEnd(8, 'x')}${String(index).padStart(5, '0')}@example.com`
