import { existsSync, globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import lock from '../../package-lock.json' with { type: 'json' }
import { linesOf, ROOT, readDeployed } from './files.ts'

const lines = linesOf(readDeployed('Dockerfile'))
const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')))
/** What the last stage copies from the project, not from the build. */
const copied = last
  .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
  .flatMap((line) => line.split(' ').slice(1, -1))
const covers = (path: string) => copied.some((each) => path === each || path.startsWith(`${each}/`))

test('copies only what is there, and ignores nothing that it copies', () => {
  expect(copied.length).toBeGreaterThan(4)
  for (const path of copied) expect([path, existsSync(join(ROOT, path))]).toEqual([path, true])
  const ignored = linesOf(readDeployed('Dockerfile.dockerignore'))
  expect(copied.filter((path) => ignored.includes(path))).toEqual([])
  // compose.yaml wants its secrets in deploy/.env, where a name without **/ does not reach.
  for (const secret of ['**/.env*', '**/node_modules', 'data', '.git']) expect(ignored).toContain(secret)
})

test('has every file that the server loads beside the build', () => {
  const files = globSync(['app/**/route.ts', 'db/migrations/**/*.sql'], { cwd: ROOT })
  const loaded = ['server.ts', 'next.config.mjs', 'lib/passwords/worker.ts', ...files]
  expect(loaded.length).toBeGreaterThan(10)
  expect(loaded.filter((path) => !covers(path))).toEqual([])
})

test('installs every package that these files import', () => {
  const files = globSync(['server.ts', '{app,lib,db}/**/*.ts'], { cwd: ROOT }).filter(
    (file) => !file.endsWith('.test.ts'),
  )
  const imported = files.flatMap((file) =>
    [
      ...readFileSync(join(ROOT, file), 'utf8').matchAll(/^(?:import|export) (?!type ).*? ?from '([^'.#][^']*)'/gmu),
    ].map(([, name = '']) => /^(?:@[^/]+\/)?[^/]+/u.exec(name)?.[0] ?? ''),
  )
  const packages = new Set(imported.filter((name) => !name.startsWith('node:') && !builtinModules.includes(name)))
  expect(packages.size).toBeGreaterThan(5)
  expect([...packages].filter((name) => !(name in packageJson.dependencies))).toEqual([])
  expect(last.join('\n')).toContain('npm ci --ignore-scripts --omit dev --omit optional')
  const optional = Object.entries(lock.packages).flatMap(([path, each]) => ('optional' in each ? [path] : []))
  expect(optional.length).toBeGreaterThan(5)
  expect([...packages].filter((name) => optional.includes(`node_modules/${name}`))).toEqual([])
})

// npm compiles what has a binding.gyp, whatever its package.json says; the slim image has neither Python nor a compiler.
test('runs no install script', () => {
  const installs = lines.filter((line) => line.includes('npm ci'))
  expect(installs).toHaveLength(2)
  for (const line of installs) expect(line).toContain('npm ci --ignore-scripts')
})

test('is of the Node that the tests run on, runs as nobody special, and hears the signal itself', () => {
  const major = packageJson.devDependencies.node.split('.')[0]
  for (const line of lines.filter((each) => each.startsWith('FROM '))) expect(line).toContain(`node:${major}-slim`)
  expect(last).toContain('USER node')
  const start = packageJson.scripts.start.split(' ')
  expect(last).toContain(`CMD [${start.map((word) => `"${word}"`).join(', ')}]`)
})
