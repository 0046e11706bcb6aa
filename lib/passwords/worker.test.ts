import { compareSync, hashSync } from 'bcryptjs'
import { expect, it } from 'vitest'
import work from './worker.ts'

// The worker's function itself; that a thread finds it is tested with the hasher.

it('hashes at the cost it is told', async () => {
  const hashed = String(await work({ kind: 'hash', prepared: 'lantern', cost: 5 }))
  expect(hashed).toMatch(/^\$2b\$05\$/u)
  expect(compareSync('lantern', hashed)).toBe(true)
})

it('compares', async () => {
  const bcryptHash = hashSync('lantern', 4)
  expect(await work({ kind: 'compare', prepared: 'lantern', bcryptHash })).toBe(true)
  expect(await work({ kind: 'compare', prepared: 'Lantern', bcryptHash })).toBe(false)
})
