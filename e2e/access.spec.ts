import { expect, test } from 'playwright/test'
import { readPage, tableRows } from '../test/docs/pages.ts'
import { PAGE_PATHS, ROUTE_PATHS } from './addresses.ts'
import { ask } from './ask.ts'
import { startServer } from './start-server.ts'

// The table "Who may do what" of docs/security.md, asked of a server of its own: one line of it empties the mailbox.

const ID = 'A'.repeat(22)
const challenge = { challengeId: ID, token: '00000000' }
const password = 'a lantern in the hall'
/** What a schema asks for, with nothing in it that anybody was ever given; each with an address of its own. */
const bodyOf = (path: string): object => {
  const email = `nobody${path.replaceAll('/', '.')}@example.com`
  const bodies: Record<string, object> = {
    '/auth/signup': { email, password },
    '/auth/signin': { email, password },
    '/auth/verify': challenge,
    '/auth/verify/preview': challenge,
    '/auth/verify/reject': challenge,
    '/auth/password/reset': { ...challenge, password },
    '/auth/sessions/end': { sessionIds: [ID], currentPassword: password },
    '/auth/password/change': { currentPassword: password, password },
    '/auth/signout': {},
  }
  return bodies[path] ?? { email }
}
const rows = tableRows(readPage('docs/security.md'), 'Path').map((row) => {
  const [, method = '', path = ''] = /^`(\w+) (\S+)`$/u.exec(row.Path ?? '') ?? []
  return { method, path: path.replace('[id]', ID), status: Number(row['Somebody with nothing gets']) }
})

test('docs/security.md says of every path who may', () => {
  expect([...new Set(rows.map(({ path }) => path))].toSorted()).toEqual([...PAGE_PATHS, ...ROUTE_PATHS].toSorted())
})

test('somebody with nothing gets what docs/security.md says, and no cookie of a session', async () => {
  const server = await startServer()
  for (const { method, path, status } of rows) {
    const body = JSON.stringify(bodyOf(path))
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const sent = method === 'POST' ? { method, body } : { method }
    const answer = await ask(server.origin, path, method === 'POST' ? headers : {}, sent)
    expect.soft([method, path, answer.status]).toEqual([method, path, status])
    expect.soft(String(answer.headers['set-cookie']), path).not.toMatch(/__Host-session=[^;]/u)
  }
  await server.stop()
})
