import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { challenges, devices, dialect, events, sessions, users } from '#db/schema/tables'
import { requestSignin } from '#lib/auth/request-signin'
import { signin } from '#lib/auth/signin'
import { verify } from '#lib/auth/verify'
import { browser, type TestDeps } from '../deps.ts'
import { Browser, testApp } from '../http.ts'
import { byCode, byLink, codeOf, must, newestLetter, PASSWORD, signedUp, verified, wrongCode } from '../journey.ts'
import { routes } from '../routes.ts'
import { bare, readPage, tableRows } from './pages.ts'

// What docs/asvs.md and docs/threats.md say of the database, where no test beside a file shows it.

let deps: TestDeps
beforeEach(async () => {
  deps = await testApp()
})
afterEach(() => deps.db.close())

const email = 'ann@example.com'
const account = { email, password: PASSWORD }
const laptop = browser('laptop', '192.0.2.1')
const stranger = browser('stranger', '203.0.113.7')

type Events = (typeof events.$inferSelect)[]

/** One visitor, every act of the catalogue; the request id of each answer that was told one. */
async function everyAct(): Promise<Set<string | null>> {
  const visitor = new Browser('192.0.2.1')
  const requestIds = new Set<string | null>()
  const act = async (name: Exclude<keyof typeof routes, 'emptyMailbox'>, body: object) => {
    deps.clock.advance(61_000)
    requestIds.add((await visitor.json(routes[name], body)).headers.get('x-request-id'))
    return newestLetter(deps, email)
  }
  await act('reject', byLink(await act('signup', account)))
  const letter = await act('signup', account)
  // Within the gap between two mails.
  requestIds.add((await visitor.json(routes.verifyRequest, { email })).headers.get('x-request-id'))
  await act('verify', wrongCode(letter))
  await act('verify', byCode(await act('verifyRequest', { email })))
  await act('signout', {})
  await act('signin', { email, password: 'not the password' })
  await act('verify', byLink(await act('signinRequest', { email })))
  const NEW = 'an entirely new password'
  await act('changePassword', { currentPassword: 'not the password', password: NEW })
  await act('changePassword', { currentPassword: PASSWORD, password: NEW })
  await act('endSessions', { sessionIds: ['A'.repeat(22)], currentPassword: 'not the password' })
  await act('endSessions', { sessionIds: ['A'.repeat(22)], currentPassword: NEW })
  await act('reset', { ...byCode(await act('resetRequest', { email })), password: NEW })
  await act('signin', { email, password: NEW })
  await act('signout', { everywhere: true })
  return requestIds
}

it('every event of the catalogue is written, with who, from where, when and the request', async () => {
  const [begun, requestIds] = [deps.now(), await everyAct()]
  const trail: Events = await deps.db.run((tx) => tx.select().from(events))
  // An alarm is of the whole site and of nobody in particular: lib/jobs/raise-alarm.db.test.ts.
  const catalogue = tableRows(readPage('docs/operations.md'), 'Event')
    .map(({ Event }) => bare(Event))
    .filter((type) => type !== 'alarm')
  expect([...new Set(trail.map(({ type }) => type))].toSorted()).toEqual(catalogue.toSorted())
  const [user] = await deps.db.run((tx) => tx.select().from(users))
  for (const event of trail) {
    expect(event.emailKey ?? event.userId, event.type).toBe(event.emailKey === null ? user?.id : email)
    expect(event).toMatchObject({ ip: '192.0.2.1', userAgent: expect.stringContaining('Firefox') })
    expect(event.deviceHash).toMatch(/^[\w-]{43}$/u)
    expect(event.at).toBeGreaterThan(begun)
    expect(requestIds).toContain(event.requestId)
  }
  const outcomes = trail.map(({ type, outcome }) => `${type} ${outcome}`)
  expect(outcomes).toEqual(
    expect.arrayContaining([
      'email_verified code',
      'signin invalid_credentials',
      'signin ok',
      'signin_by_mail this',
      'password_reset code',
      'password_change ok',
      'password_change wrong_password',
      'signout_chosen ok',
      'signout_chosen wrong_password',
      'challenge_failed verify',
    ]),
  )
})

/** The database refuses to change or delete an event, as a statement or as part of another. */
const APPEND_ONLY =
  dialect === 'postgres'
    ? [
        "create function append_only() returns trigger language plpgsql as 'begin raise exception ''append only''; end'",
        'create trigger append_only before update or delete on events for each row execute function append_only()',
      ]
    : ['update', 'delete'].map(
        (change) =>
          `create trigger no_${change} before ${change} on events begin select raise(abort, 'append only'); end`,
      )

it('no act changes or deletes an event of before: all of them go on where the database refuses that', async () => {
  for (const statement of APPEND_ONLY) await deps.db.execute(statement)
  await everyAct()
  const trail: Events = await deps.db.run((tx) => tx.select().from(events))
  expect(trail.length).toBeGreaterThan(15)
  for (const statement of ["update events set outcome = 'ok'", 'delete from events'])
    await expect(deps.db.execute(statement), statement).rejects.toThrow(/append only/u)
})

it('deleting an account ends its sessions, challenges and known browsers', async () => {
  const { user, token } = await verified(deps, laptop)
  must(await requestSignin(deps, { email }, laptop))
  await verified(deps, browser('ben', '192.0.2.9'), 'ben@example.com')
  await deps.db.run((tx) => tx.delete(users).where(eq(users.emailKey, email)))
  expect(token).toHaveLength(43)
  for (const table of [sessions, challenges, devices]) {
    const rows = await deps.db.run((tx) => tx.select({ userId: table.userId }).from(table))
    expect(rows.map(({ userId }) => userId)).not.toContain(user.id)
  }
  expect(codeOf(await signin(deps, account, laptop))).toBe('invalid_credentials')
  expect(codeOf(await signin(deps, { ...account, email: 'ben@example.com' }, laptop))).toBe('ok')
})

it('a stranger who spends the tries of one challenge leaves the code of the next one good', async () => {
  await verified(deps, laptop)
  must(await requestSignin(deps, { email }, stranger))
  const theirs = newestLetter(deps, email)
  for (let time = 0; time < 6; time += 1)
    expect(codeOf(await verify(deps, wrongCode(theirs), stranger))).toBe('challenge_invalid')
  deps.clock.advance(61_000)
  must(await requestSignin(deps, { email }, laptop))
  expect(codeOf(await verify(deps, byCode(newestLetter(deps, email)), laptop))).toBe('ok')
})

it('a stranger cannot name a challenge to spend its tries: its id stands in no answer but the asker’s', async () => {
  const mine = await signedUp(deps, laptop)
  const visitor = new Browser('203.0.113.7')
  const answers = [
    await visitor.json(routes.signup, account),
    await visitor.json(routes.verifyRequest, { email }),
    await visitor.json(routes.signin, { email, password: 'not the password' }),
  ]
  const seen = await Promise.all(
    answers.map(async (answer) => JSON.stringify([...answer.headers]) + (await answer.text())),
  )
  expect(seen.join('\n')).not.toContain(mine.challengeId)
})
