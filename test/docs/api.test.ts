import { globSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Failure, FailureCode } from '#lib/auth/result'
import { FAILURE_CODES, problemOf } from '#lib/http/problems'
import * as schemas from '#lib/schemas'
import { bare, ROOT, readPage, sections, tableRows } from './pages.ts'
import { VERB_FAILURES } from './verb-failures.ts'

const page = readPage('docs/api.md')
/** `POST /auth/signup` and what is said of it. */
const routes = new Map([...sections(page, 3)].filter(([title]) => /^[A-Z]+ \//u.test(title)))

const fieldsIn = (text: string) => tableRows(text, 'Field').map(({ Field }) => bare(Field))
const failuresIn = (text: string) =>
  tableRows(text, 'Code', 'Status').map(({ Code, Status }) => [bare(Code), Number(Status)] as const)
const codesIn = (text: string) => failuresIn(text).map(([code]) => code)

/** The methods that a route has; those it refuses are exported as `only…`. */
function methodsOf(file: string): string[] {
  const path = dirname(file)
    .replace(/^app/u, '')
    .replace(/\[(\w+)\]/gu, '{$1}')
  const methods = [...readPage(file).matchAll(/^export const ([A-Z]+) = (?!only)/gmu)].map(([, method]) => method)
  return methods.map((method) => `${method} ${path}`)
}

/** One failure of each code, with everything that any of them may hold. */
const sample = (code: FailureCode) =>
  ({ code, errors: [], allow: 'GET', retryAfter: 5, reason: 'too_common', wrong: false, challenge: null }) as Failure

test('docs/api.md has a section for each method of each route, and no other', () => {
  const files = ['app/**/route.ts', 'app/.well-known/**/route.ts'].flatMap((glob) => globSync(glob, { cwd: ROOT }))
  const built = [...new Set(files)].flatMap(methodsOf)
  expect([...routes.keys()].toSorted()).toEqual(built.toSorted())
})

test.each(FAILURE_CODES)('docs/api.md documents %s', (code) => {
  expect(codesIn(page)).toContain(code)
})

test.each(failuresIn(page))('docs/api.md: %s has the status %i', (code, status) => {
  expect(FAILURE_CODES).toContain(code)
  expect(status).toBe(problemOf(sample(code as FailureCode)).status)
})

describe('each route of docs/api.md', () => {
  const verbs = Object.entries(VERB_FAILURES)

  test.each(verbs)('%s names the failures of its verb', (route, failures) => {
    expect(codesIn(routes.get(route) ?? '').toSorted()).toEqual(Object.keys(failures).toSorted())
  })

  test.each([...routes.keys()].filter((route) => route.startsWith('POST ')))(
    '%s names the fields of its schema',
    (route) => {
      const file = readPage(`app${route.slice('POST '.length)}/route.ts`)
      const [, name = ''] = /post\((\w+),/u.exec(file) ?? []
      const { shape } = schemas[name as 'signupInput']
      expect(fieldsIn(routes.get(route) ?? '')).toEqual(Object.keys(shape))
    },
  )

  test('no route that is not listed here has a verb', () => {
    const withVerb = [...routes.keys()].filter((route) => route.includes(' /auth/'))
    expect(Object.keys(VERB_FAILURES).toSorted()).toEqual(withVerb.toSorted())
  })
})
