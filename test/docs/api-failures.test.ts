import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { GET as oneMail } from '../../app/mailbox/messages/[id]/route.ts'
import { Browser, type Route, testApp } from '../http.ts'
import { FORMS, type Stage } from '../provoked-failures.ts'
import { routes } from '../routes.ts'
import { bare, readPage, sections, tableRows } from './pages.ts'

// The failures of docs/api.md that no verb has: of every POST, and of the routes without a verb.

const page = readPage('docs/api.md')
const documented = sections(page, 3)

let stage: Stage
beforeEach(async () => {
  stage = { deps: await testApp(), laptop: new Browser() }
})
afterEach(() => stage.deps.db.close())

describe('docs/api.md: the failures', () => {
  const tableOf = (text: string) =>
    tableRows(text, 'Code', 'Status').map(({ Code, Status }) => [Number(Status), bare(Code)])
  const answered = async (response: Response) => [response.status, (await response.json()).code]
  const elsewhere = { headers: { 'sec-fetch-site': 'cross-site' } }

  test.each(Object.entries(FORMS))('that every POST can have: %s', async (_title, { post, valid }) => {
    const send = (body: string, type: string) => stage.laptop.send(routes[post], body, { 'content-type': type }, {})
    const met = [
      await answered(await send('{', 'application/json')),
      await answered(await stage.laptop.json(routes[post], valid, elsewhere)),
      await answered(await send('{}', 'text/plain')),
      await answered(await send('x'.repeat(17_000), 'application/json')),
    ]
    stage.laptop.cookies.set('__Host-session', 'x'.repeat(43))
    for (const name of ['DatabaseUnavailable', 'Error']) {
      const failing = () => Promise.reject(Object.assign(new Error(), { name }))
      Object.assign(stage.deps.db, { transaction: failing, run: failing, read: failing })
      met.push(await answered(await stage.laptop.json(routes[post], valid)))
    }
    const [, shared = ''] = (sections(page, 2).get('Failures') ?? '').split('Every POST can fail with these')
    expect(tableOf(shared.split('Every GET')[0] ?? '')).toEqual(met)
  })

  test('of the mailbox', async () => {
    vi.stubEnv('MAIL_URL', 'smtp://mail.example.com')
    vi.stubEnv('MAIL_FROM', 'id@example.com')
    vi.resetModules()
    const list = await import('../../app/mailbox/messages/route.ts')
    const one = await import('../../app/mailbox/messages/[id]/route.ts')
    const gone = async (route: Route, method: string) =>
      answered(await stage.laptop.get(route, { method, path: '/mailbox/messages/m' }))
    const [get, empty, document] = [
      await gone(list.GET, 'GET'),
      await gone(list.DELETE, 'DELETE'),
      await gone(one.GET, 'GET'),
    ]
    vi.unstubAllEnvs()
    vi.resetModules()
    const refused = await answered(await stage.laptop.get(routes.emptyMailbox, { method: 'DELETE', ...elsewhere }))
    expect(tableOf(documented.get('GET /mailbox/messages') ?? '')).toEqual([get])
    expect(tableOf(documented.get('GET /mailbox/messages/{id}') ?? '')).toEqual([document])
    expect(tableOf(documented.get('DELETE /mailbox/messages') ?? '')).toEqual([empty, refused])
    expect(await answered(await stage.laptop.get(oneMail, { path: '/mailbox/messages/nobodys' }))).toEqual(document)
  })

  test.each(['GET /health', 'GET /.well-known/change-password'])('of %s are those of every GET', (title) => {
    expect(tableOf(documented.get(title) ?? '')).toEqual([])
  })
})
