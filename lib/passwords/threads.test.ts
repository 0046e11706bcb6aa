import { setTimeout as wait } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { describe, expect, it, vi } from 'vitest'
import { AT_WORK_MS, endEachAtWork, watchThreads } from '../../test/hash-threads.ts'
import { makeHasher } from './hasher.ts'

const secret = 'a'.repeat(43)
const BUSY = { ok: false, failure: { code: 'busy', retryAfter: 5 } }

// Threads yield to all else (lib/passwords/worker.ts), so a machine with other work makes them slow.
vi.setConfig({ testTimeout: 60_000 })

describe('a thread that dies', () => {
  /** Far longer than anything else here takes. */
  const COST = 12
  /** A hasher of one thread, and what is seen of its threads. */
  function withThreads(cost: number, queue = 4) {
    const { stop, ...watched } = watchThreads()
    const hasher = makeHasher({ cost, secret, threads: 1, queue })
    const end = async () => {
      stop()
      await hasher.close()
    }
    return { hasher, ...watched, end }
  }

  it('is replaced, said in the log, and the password it had is hashed by another', async () => {
    const { hasher, newest, deaths, end } = withThreads(COST)
    while (deaths() === 0) {
      const interrupted = hasher.hash('lantern')
      await wait(AT_WORK_MS)
      await newest()?.terminate()
      const hashed = await interrupted
      expect(await hasher.verify('lantern', hashed.ok ? hashed.value : null)).toMatchObject({
        value: { matches: true },
      })
    }
    await end()
  })

  it('twice under one password: busy, and the next password is none of its business', async () => {
    const stop = endEachAtWork()
    const { hasher, deaths, end } = withThreads(COST)
    expect(await hasher.hash('lantern')).toEqual(BUSY)
    stop()
    expect(deaths()).toBeGreaterThan(1)
    expect((await hasher.hash('lantern')).ok).toBe(true)
    await end()
  })

  it('while it starts, with a full queue: what waits is done by the next, or told that it is busy', async () => {
    const { hasher, newest, end } = withThreads(COST, 1)
    await hasher.hash('warm')
    const interrupted = hasher.hash('lantern')
    const waiting = hasher.hash('lantern')
    const endAtStart = (worker: Worker) => void worker.terminate()
    process.once('worker', endAtStart)
    await newest()?.terminate()
    expect(await interrupted).toEqual(BUSY)
    expect((await waiting).ok).toBe(true)
    expect(await hasher.admit(async () => 'let in')).toBe('let in')
    await end()
  })

  it('with nothing to do is said in the log, and ends nothing else', async () => {
    const { hasher, newest, said, end } = withThreads(4)
    await hasher.hash('warm')
    const broken = new Error('The system has no room for a thread.')
    newest()?.emit('error', broken)
    expect(said).toEqual([[{ err: broken }, 'a hash thread failed']])
    expect((await hasher.hash('lantern')).ok).toBe(true)
    await end()
  })

  it('before the dummy hash is made: unknown users are compared all the same, later', async () => {
    const { hasher, newest, end } = withThreads(COST)
    await wait(0)
    await newest()?.terminate()
    await hasher.verify('lantern', null).catch(() => undefined)
    expect(await hasher.verify('lantern', null)).toEqual({ ok: true, value: { matches: false, needsRehash: false } })
    await end()
  })

  it('twice before the dummy hash is made: unknown users are answered busy, and compared later', async () => {
    const stop = endEachAtWork()
    const { hasher, end } = withThreads(COST)
    expect(await hasher.verify('lantern', null)).toEqual(BUSY)
    stop()
    expect(await hasher.verify('lantern', null)).toEqual({ ok: true, value: { matches: false, needsRehash: false } })
    await end()
  })
})
