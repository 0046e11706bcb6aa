import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { mailboxSender } from '#lib/mail/mailbox'
import { GET as changePassword } from '../../app/.well-known/change-password/route.ts'
import { GET as oneMail } from '../../app/mailbox/messages/[id]/route.ts'
import { Browser, type Route, testApp } from '../http.ts'
import { byCode, byLink, newestLetter, PASSWORD } from '../journey.ts'
import { type Fields, FORMS, type PostRoute, type Stage } from '../provoked-failures.ts'
import { routes } from '../routes.ts'
import { readPage, sections } from './pages.ts'

// What docs/api.md says of an answer, against the answer itself: status, keys of the body, where a form goes, the session's cookie.

const page = readPage('docs/api.md')
const documented = new Map([...sections(page, 3)].filter(([title]) => /^[A-Z]+ \//u.test(title)))

let stage: Stage
beforeEach(async () => {
  stage = { deps: await testApp(), laptop: new Browser() }
})
afterEach(() => stage.deps.db.close())

const email = 'ann@example.com'
const mail = { id: 'm', to: email, subject: 'Hello', html: '<p>Hi</p>', text: 'Hi' }

const signUp = async () => {
  await stage.laptop.form(routes.signup, FORMS['POST /auth/signup'].valid)
  return newestLetter(stage.deps)
}
const signIn = async () => stage.laptop.form(routes.verify, byCode(await signUp()))
const signedIn = async (fields: Fields) => {
  await signIn()
  return fields
}

/** What is posted where it succeeds; where nothing has to come first, what passes the schema does. */
const SUCCESSES: Partial<Record<PostRoute, () => Promise<Fields>>> = {
  'POST /auth/verify/preview': async () => byLink(await signUp()),
  'POST /auth/verify': async () => byCode(await signUp()),
  'POST /auth/verify/reject': async () => byLink(await signUp()),
  'POST /auth/signin': () => signedIn(FORMS['POST /auth/signin'].valid),
  'POST /auth/signout': () => signedIn({}),
  'POST /auth/password/reset': async () => {
    await signIn()
    await stage.laptop.form(routes.resetRequest, { email })
    return { ...byCode(newestLetter(stage.deps)), password: 'an entirely new one' }
  },
  'POST /auth/password/change': () => signedIn({ currentPassword: PASSWORD, password: 'an entirely new one' }),
  'POST /auth/sessions/end': () => signedIn(FORMS['POST /auth/sessions/end'].valid),
}

/** `202: `message`, … Form: to `/verify`.` in its parts. */
function promised(title: string) {
  const [, status = '', body = '', form = ''] =
    /(?:^|\. )(\d{3}): (.*?)(?: Form: (.*?))?\n\n/msu.exec(documented.get(title) ?? '') ?? []
  const words = (text: string) =>
    [...text.replaceAll(/\([^)]*\)/gu, '').matchAll(/`([^`]+)`/gu)].map(([, word]) => word)
  const [goesTo] = words(form.split(';')[0] ?? '').filter((word) => word?.startsWith('/'))
  const failsTo = words(form.split(';')[1] ?? '')[0]
  const keys = words(body).filter((word) => !word?.startsWith('__Host'))
  return { status: Number(status), keys, goesTo, failsTo, setsSession: body.includes('`__Host-session`') }
}

const setsSession = (response: Response) =>
  response.headers.getSetCookie().some((cookie) => cookie.startsWith('__Host-session='))

describe.each(Object.entries(FORMS))('docs/api.md: %s', (title, { post, screen, valid }) => {
  const succeed = SUCCESSES[title as PostRoute] ?? (async () => valid)
  const said = promised(title)

  test('succeeds with that status, those keys, and the cookie of a session where it says so', async () => {
    const response = await stage.laptop.json(routes[post], await succeed())
    expect(response.status).toBe(said.status)
    expect(Object.keys(await response.json())).toEqual(said.keys)
    expect(setsSession(response)).toBe(said.setsSession)
  })

  test('sends a form where it says', async () => {
    const response = await stage.laptop.form(routes[post], await succeed())
    expect([response.status, response.headers.get('location')]).toEqual([303, said.goesTo])
    if (said.failsTo) expect(said.failsTo).toBe(screen)
  })
})

/** The other routes: how each is asked where it succeeds. */
const asked = (route: Route, method: string, path: string) => stage.laptop.get(route, { method, path })

test('docs/api.md: GET /auth/session answers with those keys, and theirs', async () => {
  await signIn()
  const response = await asked(routes.session, 'GET', '/auth/session')
  const said = promised('GET /auth/session')
  const body = await response.json()
  expect([response.status, Object.keys(body)]).toEqual([said.status, said.keys])
  for (const key of ['user', 'session'])
    expect(page.replaceAll('\n', ' ')).toContain(`\`${key}\` is \`{ ${Object.keys(body[key]).join(', ')} }\``)
})

test('docs/api.md: GET /auth/sessions answers with that key, and those of each session', async () => {
  await signIn()
  const response = await asked(routes.sessions, 'GET', '/auth/sessions')
  const said = promised('GET /auth/sessions')
  const { sessions, ...else_ } = await response.json()
  expect([response.status, 'sessions', else_]).toEqual([said.status, said.keys[0], {}])
  expect(`{ ${Object.keys(sessions[0]).join(', ')} }`).toBe(said.keys[1])
})

test('docs/api.md: GET /health answers with that body, and 503 without a database', async () => {
  const response = await asked(routes.health, 'GET', '/health')
  expect([response.status, await response.json()]).toEqual([200, JSON.parse(promised('GET /health').keys[0] ?? '')])
  Object.assign(stage.deps.db, {
    read: () => Promise.reject(Object.assign(new Error(), { name: 'DatabaseUnavailable' })),
  })
  const away = await asked(routes.health, 'GET', '/health')
  expect([away.status, (await away.json()).code]).toEqual([503, promised('GET /health').keys[1]])
})

test('docs/api.md: the mailbox lists mails with those keys, shows one as HTML, and is emptied', async () => {
  await mailboxSender(stage.deps.db, stage.deps.now).send(mail)
  const list = await asked(routes.mailbox, 'GET', '/mailbox/messages?to=ANN@example.com')
  const [first] = await list.json()
  expect([list.status, `{ ${Object.keys(first).toSorted().join(', ')} }`]).toEqual([
    promised('GET /mailbox/messages').status,
    promised('GET /mailbox/messages').keys[0]?.replace(/\w.*\w/u, (keys) => keys.split(', ').toSorted().join(', ')),
  ])
  const one = await asked(oneMail, 'GET', '/mailbox/messages/m')
  expect([one.status, one.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  const emptied = await asked(routes.emptyMailbox, 'DELETE', '/mailbox/messages')
  const said = promised('DELETE /mailbox/messages')
  expect([emptied.status, Object.keys(await emptied.json())]).toEqual([said.status, said.keys])
  expect(await (await asked(routes.mailbox, 'GET', '/mailbox/messages')).json()).toEqual([])
})

test('docs/api.md: /.well-known/change-password leads where it says', async () => {
  const said = documented.get('GET /.well-known/change-password')
  const [, signedInTo, elseTo] = /303 to `([^`]+)` for whoever is signed in, else to `([^`]+)`/u.exec(said ?? '') ?? []
  const leadsTo = async () =>
    (await asked(changePassword, 'GET', '/.well-known/change-password')).headers.get('location')
  expect(await leadsTo()).toBe(elseTo)
  await signIn()
  expect(await leadsTo()).toBe(signedInTo)
})
