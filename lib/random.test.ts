import { expect, it } from 'vitest'
import { requestId } from './random.ts'

it('request ids have 128 bits, and none comes twice, over many draws', () => {
  const ids = Array.from({ length: 2000 }, requestId)
  for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/u)
  expect(new Set(ids).size).toBe(ids.length)
})
