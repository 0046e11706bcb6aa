import { globSync } from 'node:fs'
import { expect, it } from 'vitest'
import { config } from '../proxy.ts'

// Routes of the API set their own headers, and pages get theirs from the proxy: nothing may fall between, or under both.

const files = globSync(['app/**/route.ts', 'app/.*/**/route.ts'])
const routes = files.map((file) => file.replace(/^app(.*)\/route\.ts$/u, '$1').replace('[id]', 'x'))
const takesPage = new RegExp(`^${config.matcher}$`, 'u')

it.each(routes)('%s keeps the headers it sets itself', (path) => {
  expect(routes).toEqual(expect.arrayContaining(['/health', '/mailbox/messages/x', '/.well-known/change-password']))
  expect(routes.length).toBeGreaterThan(16)
  expect(takesPage.test(path)).toBe(false)
})

it.each(routes)('what only begins or ends like %s gets the headers of a page', (path) => {
  // Of a mail, another letter or an encoded one is another mail.
  const near = path.endsWith('/x') ? ['/', '/b'] : ['x', '.json', '%2f', '/', '/x/y', '-', '%']
  for (const other of [...near.map((more) => path + more), `/x${path}`, `/${path}`, path.toUpperCase()])
    expect.soft(takesPage.test(other), other).toBe(true)
})

it.each([
  '/',
  '/signin',
  '/signup',
  '/verify',
  '/magic-link',
  '/reset',
  '/reset/new',
  '/account',
  '/account/password',
  '/account/sessions',
  '/mailbox',
  '/auth',
  '/auth/other',
  '/auth/signin/x',
  '/healthy',
  '/nowhere',
  '/.well-known/other',
  '/mailbox/messagesfoo',
  '/mailbox/messages/a/b',
])('%s gets the headers of a page', (path) => {
  expect(takesPage.test(path)).toBe(true)
})
