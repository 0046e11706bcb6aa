import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
// @ts-expect-error: plain JavaScript, because it runs before anything is installed
import { differences, productionOnly } from './production.mjs'

const hash = (letter: string) => Buffer.alloc(64, letter)
const integrity = (letter: string) => `sha512-${hash(letter).toString('base64')}`
const component = (name: string, letter: string, development = false) => ({
  'bom-ref': `${name}@1.0.0`,
  name,
  version: '1.0.0',
  hashes: [{ alg: 'SHA-512', content: hash(letter).toString('hex') }],
  properties: development ? [{ name: 'cdx:npm:package:development', value: 'true' }] : [],
})
const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/pg': { version: '1.0.0', integrity: integrity('p') },
    'node_modules/next/node_modules/pg': { version: '1.0.0', integrity: integrity('p') },
    'node_modules/@scope/types': { version: '1.0.0', integrity: integrity('t'), devOptional: true },
    'node_modules/vitest': { version: '1.0.0', integrity: integrity('v'), dev: true },
  },
}
const production = [component('pg', 'p'), component('@scope/types', 't')]

test('what only development installs is dropped, and from what depends on it; what both need stays', () => {
  const dependencies = [
    { ref: 'vestibule@0.1.0', dependsOn: ['pg@1.0.0', 'vitest@1.0.0'] },
    { ref: 'vitest@1.0.0', dependsOn: ['pg@1.0.0'] },
  ]
  const components = [...production, component('vitest', 'v', true)]
  expect(productionOnly({ bomFormat: 'CycloneDX', components, dependencies })).toEqual({
    bomFormat: 'CycloneDX',
    components: production,
    dependencies: [{ ref: 'vestibule@0.1.0', dependsOn: ['pg@1.0.0'] }],
  })
})

test('a list of the very packages has no difference', () => {
  expect(differences(lock, production)).toEqual([])
})

test.each([
  ['a package left out', production.slice(1), 'pg@1.0.0 is not in the list.'],
  ['one too many', [...production, component('vitest', 'v')], 'vitest@1.0.0 is not in the lock file.'],
  ['another content', [component('pg', 'x'), ...production.slice(1)], 'pg@1.0.0 has another content.'],
])('%s is seen', (_name, components, fault) => {
  expect(differences(lock, components)).toEqual([fault])
})

test('the lock file of today has the packages that npm forgets among those of production', () => {
  const today = JSON.parse(readFileSync(join(dirname(dirname(import.meta.dirname)), 'package-lock.json'), 'utf8'))
  const faults: string[] = differences(today, [])
  for (const name of ['pg', 'zod', 'nodemailer', 'next'])
    expect(
      faults.some((fault) => fault.startsWith(`${name}@`)),
      name,
    ).toBe(true)
})
