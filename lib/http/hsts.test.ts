import { afterEach, expect, it, vi } from 'vitest'
import { env } from '#lib/env'
import { hstsHeaders } from './hsts.ts'
import { apiHeaders } from './respond.ts'

vi.mock(import('#lib/env'), { spy: true })
afterEach(() => vi.resetAllMocks())

const at = (appOrigin: string) => vi.mocked(env).mockReturnValue({ appOrigin } as ReturnType<typeof env>)
const HSTS = ['strict-transport-security', 'max-age=63072000; includeSubDomains']

it('is said behind TLS, by every answer of the API', () => {
  at('https://id.example.com')
  expect(hstsHeaders()).toEqual([HSTS])
  expect(apiHeaders('id')).toContainEqual(HSTS)
})

it('is not said without TLS, where browsers must not keep it', () => {
  at('http://localhost:3000')
  expect(hstsHeaders()).toEqual([])
})
