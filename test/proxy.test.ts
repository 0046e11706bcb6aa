import { globSync } from 'node:fs'
import { expect, it } from 'vitest'
import { config } from '../proxy.ts'

// Routes of the API set their own headers, and pages get theirs from the proxy: nothing may fall between, or under both.

const routes = globSync('app/**/route.ts').map((file) => file.replace(/^app(.*)\/route\.ts$/u, '$1'))
const takesPage = new RegExp(`^${config.matcher}$`, 'u')

it.each(routes.filter((path) => !path.startsWith('/.well-known')))('%s keeps the headers it sets itself', (path) => {
  expect(routes.length).toBeGreaterThan(14)
  expect(takesPage.test(path.replace('[id]', 'x'))).toBe(false)
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
  '/mailbox',
  '/auth',
  '/auth/other',
  '/auth/signin/x',
  '/healthy',
  '/nowhere',
  '/.well-known/change-password',
])('%s gets the headers of a page', (path) => {
  expect(takesPage.test(path)).toBe(true)
})
