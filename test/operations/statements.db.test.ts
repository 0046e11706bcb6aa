import { afterEach, beforeEach, expect, it } from 'vitest'
import { currentSession } from '#lib/auth/current-session'
import { signin } from '#lib/auth/signin'
import { browser, type TestDeps, testDeps } from '../deps.ts'
import { readPage } from '../docs/pages.ts'
import { codeOf, PASSWORD, verified } from '../journey.ts'

// The statements that docs/operations.md gives to operators, as they stand there.

const STATEMENTS = [...readPage('docs/operations.md').matchAll(/```sql\n(.*?)```/gsu)]
  .flatMap(([, block = '']) => block.split('\n'))
  .filter((line) => line.endsWith(';'))
const only = (pattern: RegExp): string => {
  const found = STATEMENTS.filter((statement) => pattern.test(statement))
  if (found.length !== 1) throw new Error(`${found.length} statements of docs/operations.md match ${pattern}.`)
  return found[0] ?? ''
}

let deps: TestDeps
beforeEach(async () => {
  deps = await testDeps()
})
afterEach(() => deps.db.close())

const [email, other] = ['ann@example.com', 'ben@example.com']

/** Ann on two devices, and Ben: who is still signed in, in this order. */
async function threeSessions() {
  const laptop = browser('laptop', '192.0.2.1')
  const tokens = [
    (await verified(deps, laptop, email)).token,
    (await verified(deps, browser('ben', '192.0.2.9'), other)).token,
  ]
  const phone = await signin(deps, { email, password: PASSWORD }, browser('phone', '192.0.2.2'))
  tokens.splice(1, 0, phone.ok ? phone.value.token : '')
  return () => Promise.all(tokens.map(async (token) => codeOf(await currentSession(deps, token))))
}

it.each([
  ['the sessions of one account', /^delete from sessions where/u, ['not_signed_in', 'not_signed_in', 'ok'], 'ok'],
  ['the sessions of everybody', /^delete from sessions;/u, ['not_signed_in', 'not_signed_in', 'not_signed_in'], 'ok'],
  [
    'an account, by disabling it',
    /^update users set disabled_at/u,
    ['not_signed_in', 'not_signed_in', 'ok'],
    'invalid_credentials',
  ],
  [
    'an account, by deleting it',
    /^delete from users where/u,
    ['not_signed_in', 'not_signed_in', 'ok'],
    'invalid_credentials',
  ],
] as const)('ends %s', async (_what, pattern, sessions, signinAgain) => {
  const who = await threeSessions()
  expect(await who()).toEqual(['ok', 'ok', 'ok'])
  await deps.db.execute(only(pattern))
  expect(await who()).toEqual(sessions)
  expect(codeOf(await signin(deps, { email, password: PASSWORD }, browser('laptop', '192.0.2.1')))).toBe(signinAgain)
})
