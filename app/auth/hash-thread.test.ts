import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { SIGNIN_FREE_FAILURES } from '#lib/auth/policy'
import { makeHasher } from '#lib/passwords/hasher'
import { browser, type TestDeps } from '../../test/deps.ts'
import { AT_WORK_MS, endEachAtWork, watchThreads } from '../../test/hash-threads.ts'
import { Browser, problemCode, testApp } from '../../test/http.ts'
import { PASSWORD, verified } from '../../test/journey.ts'
import { routes } from '../../test/routes.ts'

// A real hasher of one thread, which is ended while it compares the right password of somebody who signs in.

let deps: TestDeps
let hasher: ReturnType<typeof makeHasher>
let watched: ReturnType<typeof watchThreads>
beforeEach(async () => {
  deps = await testApp()
  watched = watchThreads()
  hasher = makeHasher({ cost: 12, secret: 'a'.repeat(43), threads: 1, queue: 4 })
  deps.passwords = Object.assign(hasher, { comparisons: 0 })
  await verified(deps, browser('laptop'))
})
afterEach(async () => {
  watched.stop()
  await hasher.close()
  await deps.db.close()
})

// Threads yield to all else (lib/passwords/worker.ts), so a machine with other work makes them slow.
vi.setConfig({ testTimeout: 60_000 })

const signIn = (from: Browser) => from.json(routes.signin, { email: 'ann@example.com', password: PASSWORD })

it('a thread that dies under a sign-in delays it, and no more', async () => {
  while (watched.deaths() === 0) {
    const answer = signIn(new Browser())
    await wait(AT_WORK_MS)
    await watched.newest()?.terminate()
    expect((await answer).status).toBe(200)
  }
})

it('threads that die under every try: busy, in the log, and no failed try of the owner', async () => {
  const stop = endEachAtWork()
  await watched.newest()?.terminate()
  const phone = new Browser('192.0.2.2')
  for (let time = 0; time < SIGNIN_FREE_FAILURES + 2; time += 1) {
    const answer = await signIn(phone)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(await problemCode(answer)).toEqual([503, 'busy'])
  }
  expect(watched.deaths()).toBeGreaterThanOrEqual(2 * SIGNIN_FREE_FAILURES)
  stop()
  expect((await signIn(phone)).status).toBe(200)
})
