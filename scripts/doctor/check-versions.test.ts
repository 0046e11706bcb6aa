import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { checkVersions, isAtLeast, SECURITY_FLOORS } from './check-versions.ts'

const packageJson = JSON.parse(readFileSync('package.json', 'utf8'))
const wanted = (name: string): string => packageJson.dependencies[name]
const node = packageJson.devDependencies.node
const states = (nodeVersion: string, versionOf: (name: string) => string | null) =>
  checkVersions(nodeVersion, versionOf).map(({ state, message }) => `${state} ${message}`)

test('what is installed here is well', () => {
  expect(checkVersions(node)).toMatchObject([{ state: 'ok' }])
})

test('an older Node, a missing package, one with a known hole and one that is another are each named', () => {
  expect(states('20.0.0', wanted)).toEqual([expect.stringMatching(/^wrong Node is 20\.0\.0: .*\.$/u)])
  const withNext = (version: string | null) => (name: string) => (name === 'next' ? version : wanted(name))
  expect(states(node, withNext(null))).toEqual(['wrong next is not installed: run "npm ci".'])
  expect(states(node, withNext('16.4.5'))).toEqual([expect.stringMatching(/^wrong next 16\.4\.5 has known holes: /u)])
  expect(states(node, withNext('16.9.0'))).toEqual([expect.stringMatching(/^wrong next: not the version of/u)])
})

test('versions are compared part by part, and a pre-release is below its release', () => {
  expect(['16.4.6', '16.4.10', '17.0.0'].every((version) => isAtLeast(version, '16.4.6'))).toBe(true)
  expect(['16.4.5', '15.9.9', '16.4.6-canary.1'].some((version) => isAtLeast(version, '16.4.6'))).toBe(false)
})

test('the floors are those of the lock file', () => {
  const rows = [...readFileSync('test/floors.test.ts', 'utf8').matchAll(/\['([\w-]+)', '(\d+\.\d+\.\d+)'\]/gu)]
  expect(Object.fromEntries(rows.map(([, name, floor]) => [name, floor]))).toEqual(SECURITY_FLOORS)
})
