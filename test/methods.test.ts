import { globSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readPage, sections } from './docs/pages.ts'

// Every route file against docs/api.md: the methods it has, and what it says to every other.

/** What each route file exports, by its path, and the methods that docs/api.md gives it. */
const files = globSync(['app/**/route.ts', 'app/.*/**/route.ts']).map((file) => ({
  file,
  path: file.replace(/^app(.*)\/route\.ts$/u, '$1').replace('[id]', '{id}'),
}))
const documented = [...sections(readPage('docs/api.md'), 3).keys()].map((title) => title.split(' '))

describe.each(files)('$path', ({ file, path }) => {
  const meant = documented.filter(([, at]) => at === path).map(([method]) => method)
  // Next and server.ts answer HEAD by GET.
  const allow = meant.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method))
  const others = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(
    (method) => !allow.includes(method),
  )

  it('has the methods of docs/api.md', async () => {
    const exported = Object.keys(await import(`../${file}`))
    expect(meant.length).toBeGreaterThan(0)
    expect(exported.toSorted()).toEqual([...meant, ...others].toSorted())
  })

  it.each(others)('refuses %s by naming those it has', async (method) => {
    const route = await import(`../${file}`)
    const response: Response = await route[method](new Request(`http://localhost:3000${path}`, { method }))
    expect(response.headers.get('allow')).toBe(allow.join(', '))
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    const { code, requestId } = await response.json()
    expect([response.status, code]).toEqual([405, 'method_not_allowed'])
    expect(requestId).toMatch(/^[\w-]{22}$/u)
    expect(response.headers.get('x-request-id')).toBe(requestId)
  })
})
