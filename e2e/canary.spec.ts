import { expect, test } from 'playwright/test'
import { type CanaryDatabase, postgresDatabase, sqliteDatabase } from '../test/canary-databases.ts'
import { PAGE_PATHS } from './addresses.ts'
import { newAddress } from './api-client.ts'
import { findSecrets, formsOf, type Place } from './canary/find-secrets.ts'
import { type PostOffice, resendOffice, smtpOffice } from './canary/post-offices.ts'
import { Witness } from './canary/witness.ts'
import { startServer } from './start-server.ts'
import { wholeStory } from './whole-story.ts'

// Every secret there is, planted in a whole journey with its accidents, and then looked for wherever it has no business to be.
// A leak that is there once is one: nothing is tried a second time.
test.describe.configure({ retries: 0 })

const KEYS = {
  AUTH_SECRET: 'canary-secret-9vTq2LxWm4RkZb7NsYhc0',
  AUTH_SECRET_PREVIOUS: 'canary-secret-before-Jf6PdXu3QoGe8Vw1',
}
const TYPED = {
  form: 'canary-password-by-form',
  wrong: 'canary-password-never-right',
  asAddress: 'canary-password-typed-as-address',
  halfJson: 'canary-password-in-half-a-body',
  query: 'canary-password-in-a-query',
  header: 'canary-token-of-somebody-elses-api',
}
/** What may be kept: that it is found shows that the search sees what is there. */
const PUBLIC = { path: 'public-canary-path', browser: 'public-canary-browser' }

/** Every page and what is not there, as a browser and as Next's own script ask for it. */
async function lookAround(visitor: Witness, paths = [...PAGE_PATHS, '/nowhere', '/auth/nowhere', '/auth/session']) {
  for (const path of paths) for (const headers of [{}, { rsc: '1' }]) await visitor.send(path, { headers })
}

/** Forms as a browser without JavaScript posts them, and the screens that say what became of them. */
async function fillForms(
  visitor: Witness,
  office: PostOffice,
  { email, password }: { email: string; password: string },
) {
  const before = await office.read(email)
  const challenge = { challengeId: 'A'.repeat(22), token: '000000' }
  await visitor.submit('/auth/password/change', { currentPassword: TYPED.wrong, password: TYPED.form })
  await visitor.submit('/auth/password/change', { currentPassword: password, password: email })
  const sessionIds = 'A'.repeat(22)
  await visitor.submit('/auth/sessions/end', { sessionIds, currentPassword: TYPED.wrong })
  await visitor.submit('/auth/sessions/end', { sessionIds, currentPassword: password })
  await visitor.submit('/auth/signout', {})
  await visitor.submit('/auth/signup', { email: newAddress(), password: TYPED.form })
  await visitor.submit('/auth/signup', { email: 'no address', password: TYPED.wrong })
  await visitor.submit('/auth/verify', { ...challenge, password: TYPED.wrong })
  await visitor.submit('/auth/signin', { email, password: TYPED.wrong })
  await visitor.submit('/auth/password/reset/request', { email })
  const { challengeId, code, linkToken } = await office.read(email, before.mail)
  await visitor.submit('/auth/password/reset', { challengeId, token: '00000000', password: TYPED.wrong })
  await visitor.submit('/auth/password/reset', { challengeId, token: code, password: email })
  await visitor.submit('/auth/password/reset', { challengeId, token: code, password: TYPED.form })
  expect(await visitor.submit('/auth/signin', { email, password: TYPED.form })).toBe(303)
  expect(visitor.cookies.has('__Host-session')).toBe(true)
  return [code, linkToken]
}

/** Secrets where none belongs, and bodies that cannot be read. */
async function mistype(visitor: Witness) {
  const json = { method: 'POST', headers: { 'content-type': 'application/json' } }
  for (const path of ['/auth/signin', '/auth/signup']) {
    await visitor.call(path, { email: TYPED.asAddress, password: TYPED.asAddress })
    await visitor.call(path, { email: newAddress(), password: { is: TYPED.wrong } })
    await visitor.send(path, { ...json, body: `{"email": "${newAddress()}", "password": "${TYPED.halfJson}` })
    await visitor.send(path, { ...json, body: JSON.stringify({ password: TYPED.halfJson.padEnd(20_000, 'x') }) })
    await visitor.send(path, { ...json, headers: { 'content-type': 'text/plain' }, body: TYPED.halfJson })
  }
  await visitor.send('/auth/session', {
    headers: { authorization: `Bearer ${TYPED.header}`, 'x-api-key': TYPED.header },
  })
  await visitor.send(`/auth/session?token=${TYPED.query}`)
  await visitor.send(`/auth/signin?password=${TYPED.query}`, { method: 'PATCH' })
}

/** A provider that refuses a letter and quotes it: what the log says of it then. */
async function failToMail(visitor: Witness, office: PostOffice, log: () => string) {
  office.state.refuses = true
  const email = newAddress()
  await visitor.call('/auth/signup', { email, password: TYPED.form })
  const { code, linkToken } = await office.read(email)
  await expect.poll(log, { timeout: 60_000 }).toContain('cannot deliver')
  office.state.refuses = false
  return [code, linkToken]
}

/** A table is gone: exceptions that know statement and parameters, as JSON, as a form and as a page. */
async function breakDown(visitor: Witness, database: CanaryDatabase, account: { email: string; password: string }) {
  const before = visitor.answers.length
  await database.breakIt()
  await visitor.call('/auth/session')
  await visitor.call('/auth/signin', account)
  await visitor.submit('/auth/signin', account)
  await lookAround(visitor, ['/', '/account', '/account/password', '/account/sessions'])
  await database.mend()
  const broken = visitor.answers.slice(before).filter(({ status }) => status >= 500)
  const asked = broken.map((answer) => answer.asked)
  expect(asked).toEqual(expect.arrayContaining(['GET /auth/session 500', 'POST /auth/signin 500', 'GET /account 500']))
  return asked
}

async function sayWhatMayBeKept(visitor: Witness, email: string) {
  const headers = { 'content-type': 'application/json', 'user-agent': PUBLIC.browser }
  await visitor.send(`/nowhere/${PUBLIC.path}`)
  await visitor.send('/auth/signin/request', { method: 'POST', headers, body: JSON.stringify({ email }) })
  await visitor.call('/auth/signout', {})
}

for (const { on, openDatabase, openOffice } of [
  { on: 'SQLite, mail by SMTP', openDatabase: sqliteDatabase, openOffice: smtpOffice },
  { on: 'Postgres, mail by Resend’s API', openDatabase: postgresDatabase, openOffice: resendOffice },
])
  test(`no secret is found in log, database, files, answers or error pages: ${on}`, async () => {
    // Some twenty passwords are hashed at the lowest cost that production knows: a busy machine takes as long as it takes.
    test.setTimeout(300_000)
    const [database, office] = await Promise.all([openDatabase(), openOffice()])
    const settings = { ...KEYS, ...database.settings, ...office.settings }
    const server = await startServer({ ...settings, LOG_LEVEL: 'trace', LIMIT_SCALE: '10000' })
    const visitor = new Witness(server.origin)
    const { email, password, secrets } = await wholeStory(server.origin, visitor, office.read)
    await lookAround(visitor)
    const ofForms = await fillForms(visitor, office, { email, password })
    await mistype(visitor)
    const ofRefused = await failToMail(visitor, office, server.log)
    await visitor.call('/auth/signin', { email, password: TYPED.form })
    const asked = await breakDown(visitor, database, { email, password: TYPED.form })
    await sayWhatMayBeKept(visitor, email)
    const running = await database.places()
    expect(await server.stop(asked)).toBe(0)

    const all = new Set([
      ...secrets,
      ...ofForms,
      ...ofRefused,
      ...visitor.cookiesSeen,
      ...Object.values(TYPED),
      ...Object.values(KEYS),
      office.key,
      ...database.keys,
    ])
    const answers = visitor.answers.map(({ asked: name, whole: text }) => ({ name, text }))
    const places = [...answers, ...running, ...(await database.places()), { name: 'the log', text: server.log() }]
    await Promise.all([database.close(), office.close()])

    expect(all.size).toBeGreaterThan(30)
    expect(answers.length).toBeGreaterThan(80)
    expect(findSecrets(all, places)).toEqual([])
    // That the places are the right ones: what may be there is found.
    const found = findSecrets([email, ...Object.values(PUBLIC)], places)
    expect(found).toEqual(
      expect.arrayContaining([
        `the table users holds ${email}`,
        `the table events holds ${PUBLIC.browser}`,
        `the log holds ${PUBLIC.path}`,
        `GET /auth/session 200 holds ${email}`,
        `GET /account 200 holds ${email}`,
        // In the cookie that a form leaves for the screen it goes back to.
        `POST /auth/signin 303 holds ${email}`,
        ...(openDatabase === sqliteDatabase ? [`the file vestibule.db holds ${email}`] : []),
      ]),
    )
  })

test('a planted secret is found in every place, as it stands and encoded', () => {
  const secret = 'canary/password+one two?'
  const places = (form: string): Place[] => [{ name: 'here', text: `…${form}…` }]
  for (const form of formsOf(secret))
    expect(findSecrets([secret], places(form)), form).toEqual([`here holds ${secret}`])
  for (const before of ['', 'a', 'ab', 'abc'])
    for (const encoding of ['base64', 'base64url', 'hex'] as const) {
      const text = Buffer.from(JSON.stringify({ before, secret })).toString(encoding)
      expect(findSecrets([secret], [{ name: 'here', text }]), `${encoding} ${before}`).toEqual([`here holds ${secret}`])
    }
  expect(findSecrets(['012345'], places('{"code":"012345"}'))).toHaveLength(1)
  expect(findSecrets(['012345'], places('1795012345000'))).toEqual([])
})
