import { expect, it } from 'vitest'
import { requestIdOf } from './request-id.ts'

const asked = (id?: string) =>
  requestIdOf(new Request('http://localhost:3000/', { headers: id ? { 'x-request-id': id } : {} }))

it('is the one that server.ts drew', () => {
  expect(asked('an_id-of-22-characters')).toBe('an_id-of-22-characters')
})

it.each([undefined, 'mine', 'an_id-of-23-characters_', 'an id of 22 characters', '\u00e9'.repeat(22)])(
  'is drawn anew instead of %j',
  (id) => {
    expect(asked(id)).toMatch(/^[\w-]{22}$/u)
    expect(asked(id)).not.toBe(id)
    expect(asked(id)).not.toBe(asked(id))
  },
)
