import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import manifest from '../package.json' with { type: 'json' }

/** Hooks that are registered first are asked last: what these hear, Node itself is asked. */
const LISTENING = `
  import { registerHooks } from 'node:module'
  globalThis.asked = []
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier.startsWith('drizzle-orm') || context.parentURL?.includes('/drizzle-orm/')) asked.push(specifier)
      return next(specifier, context)
    },
  })`
const LOADING = `
  await import('drizzle-orm/pg-core')
  const { users } = await import('./db/schema/postgres.ts')
  const cached = (await import('node:module')).getCompileCacheDir()
  console.log(JSON.stringify({ asked, cached, column: users.emailKey.name }))`

function load(...imported: string[]): { asked: string[]; cached?: string; column: string } {
  const flags = [`data:text/javascript,${encodeURIComponent(LISTENING)}`, ...imported].flatMap((each) => [
    '--import',
    each,
  ])
  const env = { ...process.env, NODE_COMPILE_CACHE: '' }
  const said = execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', LOADING], { env })
  return JSON.parse(said.toString())
}

test('Node is asked once for each name of drizzle-orm, and for none of the files inside', () => {
  const plain = load()
  expect(plain.asked.length).toBeGreaterThan(100)
  expect(plain.cached).toBeUndefined()
  const quick = load('./lib/quick-start.mjs')
  expect(quick.asked).toEqual(['drizzle-orm/pg-core', 'drizzle-orm'])
  expect(quick.cached).toMatch(/\.next[\\/]cache[\\/]compiled/u)
  expect([plain.column, quick.column]).toEqual(['email_key', 'email_key'])
})

test('is what `npm start` begins with', () => {
  expect(manifest.scripts.start).toContain('--import ./lib/quick-start.mjs server.ts')
})
