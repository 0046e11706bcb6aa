import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isAtLeast } from '../scripts/doctor/check-versions.ts'

interface Entry {
  version: string
  resolved?: string
  integrity?: string
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optional?: boolean
  optionalDependencies?: Record<string, string>
}

const read = (file: string) => readFileSync(join(import.meta.dirname, '..', file), 'utf8')
const manifest = JSON.parse(read('package.json'))
const lockText = read('package-lock.json')
const entries: Record<string, Entry> = JSON.parse(lockText).packages

test('versions are compared part by part, and a pre-release is below its release', () => {
  expect(['16.4.6', '16.4.10', '16.10.0', '17.0.0'].every((version) => isAtLeast(version, '16.4.6'))).toBe(true)
  expect(['16.4.5', '16.3.9', '15.9.9', '16.4.6-canary.1'].some((version) => isAtLeast(version, '16.4.6'))).toBe(false)
})

describe('below these versions there are known holes', () => {
  test.each([
    ['next', '16.4.6'],
    ['react', '19.3.1'],
    ['react-dom', '19.3.1'],
    ['drizzle-orm', '0.45.2'],
  ])('%s is at least %s, wherever it is installed', (name, floor) => {
    const installed = Object.entries(entries).filter(([path]) => path.endsWith(`node_modules/${name}`))
    expect(installed.length).toBeGreaterThan(0)
    expect(installed.filter(([, { version }]) => !isAtLeast(version, floor))).toEqual([])
  })
})

test('every version is exact, and the lock file holds that very one', () => {
  const wanted: Record<string, string> = { ...manifest.dependencies, ...manifest.devDependencies }
  for (const [name, version] of Object.entries(wanted)) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/u)
    expect(entries[`node_modules/${name}`]?.version, name).toBe(version)
  }
})

test('.nvmrc, the engine of the scripts, is the Node that the package brings', () => {
  expect(read('.nvmrc').trim()).toBe(manifest.devDependencies.node)
})

test('the lock file names no registry', () => {
  expect(lockText).not.toMatch(/"resolved"/u)
  expect(lockText).not.toMatch(/\/-\/[\w.-]+\.tgz/u)
})

test('the lock file knows the packages of every system, so that `npm ci` works on each', () => {
  const missing = Object.entries(entries).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).filter((name) => !locked(path, name)),
  )
  expect(missing).toEqual([])
})

/** As Node would look it up from the package at `path`. */
function locked(path: string, name: string): boolean {
  if (entries[`${path ? `${path}/` : ''}node_modules/${name}`]) return true
  return path !== '' && locked(path.replace(/(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+$/u, ''), name)
}

/** Whether it is left out where the app is tested: Linux on x64 with glibc. */
const isOfAnotherSystem = ({ os = ['linux'], cpu = ['x64'], libc = ['glibc'] }: Entry) =>
  !(os.includes('linux') && cpu.includes('x64') && libc.includes('glibc'))

test.each(['package-lock.json', 'bench/package-lock.json', 'mutation/package-lock.json'])(
  '%s has a SHA-512 of every package that Linux on x64 installs',
  (file) => {
    const packages = Object.entries<Entry>(JSON.parse(read(file)).packages).filter(([path]) => path !== '')
    const without = packages.filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'))
    expect(packages.length).toBeGreaterThan(100)
    expect(without.filter(([, entry]) => !(entry.optional && isOfAnotherSystem(entry)))).toEqual([])
  },
)

test('docs/asvs.md says how many packages of other systems have none', () => {
  const without = Object.entries(entries).filter(([path, { integrity }]) => path !== '' && !integrity)
  expect(read('docs/asvs.md')).toContain(`hashes of ${without.length} packages for other systems than Linux on x64`)
})
