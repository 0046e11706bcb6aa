import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { makeHasher } from './hasher.ts'

const secret = 'a'.repeat(43)
const hasher = makeHasher({ cost: 4, secret, threads: 1, queue: 4 })
afterAll(() => hasher.close())

const stored = async (password: string) => {
  const hashed = await hasher.hash(password)
  if (!hashed.ok) throw new Error('The queue is full.')
  return hashed.value
}

const BUSY = { ok: false, failure: { code: 'busy', retryAfter: 5 } }

describe('the hash pool', () => {
  it('knows a password again, and no other', async () => {
    const lantern = await stored('lantern')
    expect(await hasher.verify('lantern', lantern)).toEqual({ ok: true, value: { matches: true, needsRehash: false } })
    expect(await hasher.verify('Lantern', lantern)).toEqual({ ok: true, value: { matches: false, needsRehash: false } })
  })

  it('salts: the same password is never stored alike', async () => {
    expect(await stored('lantern')).not.toBe(await stored('lantern'))
  })

  it('compares with a real hash where there is nobody, and never matches', async () => {
    for (const password of ['lantern', 'nobody has this password', ''])
      expect(await hasher.verify(password, null)).toEqual({ ok: true, value: { matches: false, needsRehash: false } })
  })

  it('asks for a re-hash when the cost has risen', async () => {
    const dearer = makeHasher({ cost: 5, secret, threads: 1, queue: 4 })
    const lantern = await stored('lantern')
    expect(await dearer.verify('lantern', lantern)).toEqual({ ok: true, value: { matches: true, needsRehash: true } })
    await dearer.close()
  })

  it('ends quietly while its first hash is still being made', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', note)
    await makeHasher({ cost: 10, secret, threads: 1, queue: 4 }).close()
    await new Promise((resolve) => setTimeout(resolve, 50))
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })

  it('ends at once: what still waits is failed and not finished', async () => {
    const ending = makeHasher({ cost: 10, secret, threads: 1, queue: 4 })
    const waiting = expect(Promise.all([1, 2, 3].map(() => ending.hash('lantern')))).rejects.toThrow()
    await ending.close()
    await waiting
  })

  it('answers busy when its queue is full, and recovers', async () => {
    const small = makeHasher({ cost: 8, secret, threads: 1, queue: 4 })
    const lantern = await small.hash('lantern')
    const hashes = Array.from({ length: 20 }, () => small.hash('lantern'))
    expect(await small.admit(async () => 'let in')).toEqual(BUSY)
    expect(await small.verify('lantern', lantern.ok ? lantern.value : null)).toEqual(BUSY)
    const results = await Promise.all(hashes)
    expect(await small.admit(async () => 'let in')).toBe('let in')
    const refused = results.filter((result) => !result.ok)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.length).toBeLessThan(20)
    expect(refused[0]).toEqual(BUSY)
    expect((await small.hash('lantern')).ok).toBe(true)
    await small.close()
  })

  it('lets in as many acts as passwords have room, also while they have not brought them yet', async () => {
    const small = makeHasher({ cost: 4, secret, threads: 1, queue: 4 })
    // A thread that still starts takes none at once.
    await small.hash('warm')
    const begun: number[] = []
    const act = async (n: number) => {
      begun.push(n)
      // What an act asks the database before it brings its password.
      await wait(20)
      return small.hash('lantern')
    }
    const results = await Promise.all(Array.from({ length: 50 }, (_, n) => small.admit(() => act(n))))
    expect(begun).toEqual([0, 1, 2, 3, 4])
    expect(results.map(({ ok }) => ok)).toEqual(Array.from({ length: 50 }, (_, n) => n < 5))
    await small.close()
  })

  it('has room again after an act that failed', async () => {
    const small = makeHasher({ cost: 4, secret, threads: 1, queue: 1 })
    const failing = () => small.admit(() => Promise.reject(new Error('the database is away')))
    for (let n = 0; n < 5; n++) await expect(failing()).rejects.toThrow('away')
    await small.close()
  })
})

/** Nice values of all threads of this process but the first, which is what answers in a server. */
function niceOfThreads(): { first: number; others: number[] } {
  const niceOf = (thread: string) => {
    const status = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
    // The 19th field (proc_pid_stat(5)); the second is a name in parentheses.
    return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[16])
  }
  const first = String(process.pid)
  const others = readdirSync('/proc/self/task').filter((thread) => thread !== first)
  return { first: niceOf(first), others: others.map(niceOf) }
}

it.runIf(process.platform === 'linux')('hashes in threads that yield to the one that answers', async () => {
  const before = niceOfThreads()
  const three = makeHasher({ cost: 4, secret, threads: 3, queue: 50 })
  await Promise.all(Array.from({ length: 12 }, () => three.hash('lantern')))
  const after = niceOfThreads()
  const nicer = (threads: typeof before) => threads.others.filter((nice) => nice > threads.first).length
  expect(after.first).toBe(before.first)
  // Nobody is nicer than 19, and mutation tests run there.
  if (before.first < 19) expect(nicer(after) - nicer(before)).toBe(3)
  await three.close()
})
