import path from 'node:path'
import { Piscina } from 'piscina'
import type { Passwords } from '../auth/deps.ts'
import { HASH_RETRY_AFTER_SECONDS } from '../auth/policy.ts'
import { fail, ok } from '../auth/result.ts'
import { isCommonPassword } from './blocklist.ts'
import { makePasswordScheme } from './scheme.ts'
import type { CompareTask, HashTask } from './worker.ts'

export interface HasherSettings {
  cost: number
  secret: string
  previousSecret?: string | undefined
  threads: number
  /** Passwords that may wait for a thread. */
  queue: number
}

const busy = fail({ code: 'busy', retryAfter: HASH_RETRY_AFTER_SECONDS } as const)

// Piscina names the condition in its message only.
const isQueueFull = (error: unknown) => error instanceof Error && /queue is at limit/iu.test(error.message)

/**
 * bcrypt in worker threads behind a bounded queue, so that no hash ever holds up another request. A full queue is the
 * value `busy`; a thread that dies is replaced, and what it was doing rejects.
 */
export function makeHasher(settings: HasherSettings): Passwords & { close(): Promise<void> } {
  const { threads, queue } = settings
  const pool = new Piscina({
    filename: path.join(process.cwd(), 'lib', 'passwords', 'worker.ts'),
    minThreads: threads,
    maxThreads: threads,
    maxQueue: queue,
  })
  const scheme = makePasswordScheme(settings.secret, settings.previousSecret)
  const run = async <T>(task: HashTask | CompareTask) => {
    try {
      return ok((await pool.run(task)) as T)
    } catch (error) {
      if (isQueueFull(error)) return busy
      throw error
    }
  }
  const hash = async (password: string) => {
    const hashed = await run<string>({ kind: 'hash', prepared: scheme.prepare(password), cost: settings.cost })
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
      if (admitted >= queue + threads || pool.queueSize >= queue) return busy
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
      const matches = await run<boolean>({ kind: 'compare', ...compared })
      if (!matches.ok) return matches
      return ok({
        matches: matches.value && real !== null,
        needsRehash: stored !== null && scheme.needsRehash(stored, settings.cost),
      })
    },
    isCommon: isCommonPassword,
    close: () => pool.close({ force: true }),
  }
}
