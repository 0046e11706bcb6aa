import { readFileSync } from 'node:fs'
import type { OutgoingHttpHeaders } from 'node:http'
import { dirname, join } from 'node:path'
import { expect, test } from 'playwright/test'
import { ApiClient, newAddress, newestChallenge } from '../api-client.ts'
import { ask } from '../ask.ts'
import { PASSWORD } from '../journeys/visitor.ts'

// The doors that a framework has beside the front door: each is tried with nothing in the hand.

const APP = process.env.E2E_ORIGIN ?? ''
const BUILD = join(dirname(dirname(import.meta.dirname)), '.next')
const buildFile = (name: string) => readFileSync(join(BUILD, name), 'utf8')
const ROUTER = '%5B%22%22%2C%7B%22children%22%3A%5B%22account%22%2C%7B%7D%5D%7D%5D'

const PATHS = [
  '/account',
  '/account/',
  '/account/password',
  '/account/password?_rsc=1',
  '/account/sessions',
  '/account/sessions?_rsc=1',
  '//account',
  '///account',
  '/./account',
  '/%2e/account',
  '/x/../account',
  '/%2e%2e/account',
  '/%61ccount',
  '/account%2f',
  '/ACCOUNT',
  '/account?_rsc=1',
  '/account.rsc',
  '/account.prefetch.rsc',
  '/account.segments/_tree.segment.rsc',
  '/account.segments/account/__PAGE__.segment.rsc',
  '/account.segments/!KHNjcmVlbnMp/account/__PAGE__.segment.rsc',
  `/_next/data/${buildFile('BUILD_ID')}/account.json`,
  '/_next/image?url=%2Faccount&w=640&q=75',
  '/(screens)/account',
]

const HEADERS: OutgoingHttpHeaders[] = [
  {},
  { rsc: '1' },
  { rsc: '1', 'next-router-prefetch': '1' },
  { rsc: '1', 'next-router-state-tree': ROUTER },
  { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' },
  { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/account/__PAGE__' },
  { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' },
  { 'x-middleware-subrequest': 'src/middleware:src/middleware:src/middleware:src/middleware:src/middleware' },
  { 'x-middleware-prefetch': '1', purpose: 'prefetch' },
  { 'x-nextjs-data': '1' },
  {
    'x-original-url': '/account',
    'x-rewrite-url': '/account',
    'x-invoke-path': '/account',
    'x-matched-path': '/account',
  },
]

async function signedIn() {
  const [client, email] = [new ApiClient(APP), newAddress()]
  await client.call('/auth/signup', { email, password: PASSWORD })
  const { challengeId, code: token } = await newestChallenge(APP, email)
  await client.call('/auth/verify', { challengeId, token })
  return { email, cookie: `__Host-session=${client.cookies.get('__Host-session')}` }
}

test('the account page has no side door, also just after its owner used it', async () => {
  const { email, cookie } = await signedIn()
  let shownToOwner = 0
  for (const path of PATHS) {
    for (const headers of HEADERS) {
      const own = await ask(APP, path, { ...headers, cookie })
      if (own.text.includes(email)) shownToOwner += 1
      const { status, text, headers: answered } = await ask(APP, path, headers)
      const tried = `${path} ${JSON.stringify(headers)}`
      expect.soft(`${text}${JSON.stringify(answered)}`, tried).not.toContain('@example.com')
      expect.soft(status, tried).toBeLessThan(500)
    }
  }
  // The owner is shown it by several of them: an empty answer to everybody would prove nothing.
  expect(shownToOwner).toBeGreaterThan(HEADERS.length)
})

test('the build has no server action', () => {
  const manifest = JSON.parse(buildFile('server/server-reference-manifest.json'))
  expect(manifest).toMatchObject({ node: {}, edge: {} })
  expect([...Object.keys(manifest.node), ...Object.keys(manifest.edge)]).toEqual([])
})

test('a call of a server action is refused at once, and the server lives', async () => {
  const types = ['text/plain;charset=UTF-8', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded']
  const id = `40${'a'.repeat(40)}`
  const part = (name: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const bodies = [
    '[]',
    `[${'['.repeat(5000)}`,
    '["$F1","$@0"]',
    `${part(`$ACTION_ID_${id}`, '')}${part('0', '["$1:__proto__:then"]')}--x--\r\n`,
  ]
  for (const path of ['/', '/signin', '/account', '/magic-link', '/nowhere']) {
    for (const type of types) {
      for (const body of bodies) {
        const headers = { 'next-action': id, 'content-type': type, 'content-length': Buffer.byteLength(body) }
        const { status } = await ask(APP, path, headers, { method: 'POST', body })
        expect.soft(Math.floor(status / 100), `${path} ${type} ${body.slice(0, 40)}: ${status}`).toBe(4)
      }
    }
  }
  expect((await ask(APP, '/health')).status).toBe(200)
})
