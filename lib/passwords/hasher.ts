import type { Passwords } from '../auth/deps.ts'
import { ok } from '../auth/result.ts'
import { isCommonPassword } from './blocklist.ts'
import { makePasswordScheme } from './scheme.ts'
import { busy, startHashThreads } from './threads.ts'

export interface HasherSettings {
  cost: number
  secret: string
  previousSecret?: string | undefined
  threads: number
  /** Passwords that may wait for a thread. */
  queue: number
}

/**
 * bcrypt in worker threads behind a bounded queue, so that no hash ever holds up another request. A full queue is the
 * value `busy`, and so is a thread that dies twice under one password.
 */
export function makeHasher(settings: HasherSettings): Passwords & { close(): Promise<void> } {
  const { threads, queue } = settings
  const pool = startHashThreads(threads, queue)
  const scheme = makePasswordScheme(settings.secret, settings.previousSecret)
  const hash = async (password: string) => {
    const hashed = await pool.run<string>({ kind: 'hash', prepared: scheme.prepare(password), cost: settings.cost })
    return hashed.ok ? ok(scheme.tag(hashed.value)) : hashed
  }
  // A real hash of the same cost: comparing with anything less returns at once and tells that nobody has the address.
  let dummy: Promise<string | null> | undefined
  const dummyHash = async () => {
    dummy ??= hash('nobody has this password').then((hashed) => (hashed.ok ? hashed.value : null))
    const made = await dummy.catch(() => null)
    // The next one who needs it tries again.
    if (made === null) dummy = undefined
    return made
  }
  void dummyHash()
  let admitted = 0
  return {
    admit: async (act) => {
      // Some of those who wait were not admitted: a reset is let in by its code.
      if (admitted >= queue + threads || pool.waiting() >= queue) return busy
      admitted += 1
      try {
        return await act()
      } finally {
        admitted -= 1
      }
    },
    hash,
    verify: async (password, stored) => {
      const real = stored === null ? null : scheme.comparison(password, stored)
      const dummyStored = real ? null : await dummyHash()
      const compared = real ?? (dummyStored === null ? null : scheme.comparison(password, dummyStored))
      if (!compared) return busy
      const matches = await pool.run<boolean>({ kind: 'compare', ...compared })
      if (!matches.ok) return matches
      return ok({
        matches: matches.value && real !== null,
        needsRehash: stored !== null && scheme.needsRehash(stored, settings.cost),
      })
    },
    isCommon: isCommonPassword,
    close: () => pool.close(),
  }
}
