import { afterEach, beforeEach, expect, it } from 'vitest'
import { sessions } from '#db/schema/tables'
import { browser, type TestDeps, testDeps } from '../../test/deps.ts'
import { atOnce, must, PASSWORD, tally, verified, withSession } from '../../test/journey.ts'
import type { Failure, Result } from './result.ts'
import { signin } from './signin.ts'
import { signout } from './signout.ts'

const email = 'ann@example.com'
const BROWSERS = 8

let deps: TestDeps
beforeEach(async () => {
  deps = await testDeps()
  await verified(deps, browser('first'))
})
afterEach(() => deps.db.close())

/** One browser after the other signs in. */
async function signedInBrowsers() {
  const callers = []
  for (let n = 0; n < BROWSERS; n++) {
    const caller = browser(`browser ${n}`, `192.0.2.${n}`)
    callers.push(withSession(caller, must(await signin(deps, { email, password: PASSWORD }, caller))))
  }
  return callers
}

it('everywhere from all browsers at once ends every session, and none of them waits for another in a circle', async () => {
  for (let round = 0; round < 5; round++) {
    const callers = await signedInBrowsers()
    const results = await atOnce(BROWSERS, (n) => signout(deps, { everywhere: true }, callers[n] ?? expect.fail()))
    expect(tally(results)).toEqual({ ok: BROWSERS })
    expect(await deps.db.run((tx) => tx.select().from(sessions))).toEqual([])
  }
})

it('everywhere while others sign in anew: none of them waits for another in a circle', async () => {
  for (let round = 0; round < 5; round++) {
    const callers = await signedInBrowsers()
    const acts = await atOnce<Result<unknown, Failure>>(BROWSERS, (n) => {
      const caller = callers[n] ?? expect.fail()
      return n % 2 ? signout(deps, { everywhere: true }, caller) : signin(deps, { email, password: PASSWORD }, caller)
    })
    expect(tally(acts)).toEqual({ ok: BROWSERS })
    must(await signout(deps, { everywhere: true }, callers[0] ?? expect.fail()))
  }
})
