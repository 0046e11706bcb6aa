import { expect, it } from 'vitest'
import { onlyGet, onlyGetAndDelete, onlyPost } from './refuse-method.ts'

it.each([
  ['POST', onlyPost],
  ['GET', onlyGet],
  ['GET, DELETE', onlyGetAndDelete],
])('%s is all there is', async (allow, refuse) => {
  const response = await refuse()
  const { requestId, ...problem } = await response.json()
  expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
  expect(problem).toMatchObject({ code: 'method_not_allowed', detail: `Use ${allow} here.` })
  expect(requestId).toMatch(/^[\w-]{22}$/u)
  expect(response.headers.get('x-request-id')).toBe(requestId)
})
