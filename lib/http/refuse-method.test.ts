import { expect, it } from 'vitest'
import { onlyGet, onlyGetAndDelete, onlyPost } from './refuse-method.ts'

const ID = 'an_id-of-22-characters'

it.each([
  ['POST', onlyPost],
  ['GET, HEAD', onlyGet],
  ['GET, HEAD, DELETE', onlyGetAndDelete],
])('%s is all there is', async (allow, refuse) => {
  const response = await refuse(new Request('http://localhost:3000/auth/signup', { headers: { 'x-request-id': ID } }))
  const { requestId, ...problem } = await response.json()
  expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
  expect(problem).toMatchObject({ code: 'method_not_allowed', detail: `Use ${allow} here.` })
  expect(requestId).toBe(ID)
  expect(response.headers.get('x-request-id')).toBe(requestId)
})
