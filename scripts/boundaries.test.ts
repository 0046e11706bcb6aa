import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = dirname(import.meta.dirname)
const PACKAGES = ['next', 'react', 'bcryptjs', 'resend', 'better-sqlite3', 'zod', 'drizzle-orm']

/** A small house with one fault in each room, and a file or two without. */
const FILES: Record<string, string> = {
  'app/auth/signup/route.ts': `import 'next/headers'\nimport { find } from '#db/queries/users'\nexport { find }`,
  'app/auth/signin/route.ts': `import { signin } from '#lib/auth/signin'\nexport { signin }`,
  'app/(screens)/account/page.tsx': `import { find } from '#db/queries/users'\nexport { find }`,
  'app/(screens)/verify/page.tsx': `import { env } from '#lib/env'\nexport { env }`,
  'app/(screens)/reset/page.tsx': `import { deps } from '#lib/deps'\nexport { deps }`,
  'app/(screens)/signin/page.tsx': `import { pageSession } from '#lib/http/page-session'\nexport { pageSession }`,
  'app/.well-known/change-password/route.ts': `import { pageSession } from '#lib/http/page-session'\nimport 'next/headers'\nexport { pageSession }`,
  'components/form.tsx': `import { step } from '#lib/api-client'\nimport 'react'\nexport { step }`,
  'components/leak.tsx': `import { env } from '#lib/env'\nexport { env }`,
  'lib/api-client.ts': `import { env } from './env.ts'\nexport const step = env`,
  'lib/schemas.ts': `import 'zod'\nimport { env } from './env.ts'\nexport { env }`,
  'lib/env.ts': 'export const env = 1',
  'lib/deps.ts': 'export const deps = 1',
  'lib/auth/signin.ts': `import { find } from '#db/queries/users'\nexport const signin = find`,
  'lib/auth/signup.ts': `import 'bcryptjs'\nimport { near } from './near.ts'\nexport { near }`,
  'lib/auth/near.ts': `import { post } from '../http/post.ts'\nexport const near = post`,
  'lib/auth/direct.ts': `import { open } from '#db/client'\nimport type { Opened } from '#db/client'\nexport const d: Opened = open`,
  'lib/auth/typed.ts': `import type { Opened } from '#db/client'\nexport type T = Opened`,
  'lib/http/post.ts': `import 'next/server'\nimport { find } from '#db/queries/users'\nexport const post = find`,
  'lib/http/page-session.ts': `import 'next/headers'\nexport const pageSession = 1`,
  'lib/mail/messages.tsx': `import type { Letter } from '../auth/letters.ts'\nexport const html = (l: Letter) => l`,
  'lib/mail/sender.ts': `import { hash } from '../passwords/hasher.ts'\nexport { hash }`,
  'lib/mail/words.ts': `import { letter } from '../auth/letters.ts'\nexport { letter }`,
  'lib/auth/letters.ts': 'export type Letter = string\nexport const letter = 1',
  'lib/passwords/hasher.ts': `import 'bcryptjs'\nexport const hash = 1`,
  'lib/passwords/worker.ts': `import { env } from '../env.ts'\nimport 'bcryptjs'\nexport { env }`,
  'lib/jobs/send.ts': `import { html } from '../mail/messages.tsx'\nimport 'next/cache'\nexport { html }`,
  'db/client.ts': `import 'better-sqlite3'\nexport type Opened = number\nexport const open = 1`,
  'db/queries/users.ts': 'export const find = 1',
  'db/queries/sessions.ts': `import { open } from '../client.ts'\nimport { env } from '#lib/env'\nexport { open, env }`,
  'db/queries/loop-a.ts': `import { b } from './loop-b.ts'\nexport const a = () => b`,
  'db/queries/loop-b.ts': `import { a } from './loop-a.ts'\nexport const b = () => a`,
  'server.ts': `import { html } from '#lib/jobs/send'\nexport { html }`,
  'e2e/journey.spec.ts': `import { find } from '#db/queries/users'\nimport { env } from '#lib/schemas'\nexport { find, env }`,
}

interface Violation {
  from: string
  rule: { name: string }
}

let folder: string
let found: string[]

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vestibule-boundaries-'))
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${text}\n`)
  }
  for (const [path, text] of Object.entries(FILES)) write(path, text)
  for (const name of PACKAGES) {
    const submodules = name === 'next' ? ['headers', 'server', 'cache'] : []
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }))
    for (const file of ['index', ...submodules]) write(`node_modules/${name}/${file}.js`, 'module.exports = {}')
  }
  const dependencies = Object.fromEntries(PACKAGES.map((name) => [name, '1.0.0']))
  const imports = { '#lib/*': './lib/*.ts', '#db/*': './db/*.ts' }
  write('package.json', JSON.stringify({ name: 'house', type: 'module', dependencies, imports }))
  cpSync(join(ROOT, 'tsconfig.json'), join(folder, 'tsconfig.json'))
  found = (await violations()).map(({ from, rule }) => `${from}: ${rule.name}`)
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

function violations(): Promise<Violation[]> {
  const cli = join(ROOT, 'node_modules/.bin/depcruise')
  const config = join(ROOT, '.dependency-cruiser.cjs')
  const args = [cli, '--config', config, '--output-type', 'json', 'app', 'components', 'db', 'lib', 'e2e', 'server.ts']
  return new Promise((resolve, reject) => {
    // It exits with the number of errors, so the output alone tells whether it ran.
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 1 << 26 }, (_exit, stdout, stderr) => {
      if (stdout) resolve(JSON.parse(stdout).summary.violations)
      else reject(new Error(stderr))
    })
  })
}

test.each([
  ['app/auth/signup/route.ts', 'routes-are-thin'],
  ['app/(screens)/account/page.tsx', 'screens-show'],
  ['app/(screens)/verify/page.tsx', 'screens-show'],
  ['app/(screens)/reset/page.tsx', 'screens-show'],
  ['app/.well-known/change-password/route.ts', 'routes-are-thin'],
  ['components/leak.tsx', 'components-run-in-the-browser'],
  ['components/form.tsx', 'browser-reaches-no-server-code'],
  ['lib/schemas.ts', 'schemas-are-shared'],
  ['lib/auth/signup.ts', 'domain-is-free-of-frameworks'],
  ['lib/auth/signup.ts', 'domain-reaches-no-framework'],
  ['lib/auth/near.ts', 'domain-is-free-of-frameworks'],
  ['lib/auth/near.ts', 'domain-reaches-no-framework'],
  ['lib/auth/direct.ts', 'domain-asks-through-queries'],
  ['lib/http/post.ts', 'http-speaks-web-standards'],
  ['lib/http/post.ts', 'http-holds-no-data'],
  ['lib/http/post.ts', 'one-place-for-next-headers'],
  ['lib/mail/sender.ts', 'mail-touches-one-thing'],
  ['lib/mail/words.ts', 'mail-knows-letters-by-type'],
  ['lib/passwords/worker.ts', 'worker-hashes-and-nothing-else'],
  ['lib/auth/signup.ts', 'one-file-per-package'],
  ['lib/jobs/send.ts', 'jobs-know-no-requests'],
  ['db/queries/sessions.ts', 'queries-are-statements'],
  ['db/queries/sessions.ts', 'database-knows-no-app'],
  ['db/queries/loop-a.ts', 'no-cycle'],
  ['server.ts', 'node-runs-it-without-a-bundler'],
  ['e2e/journey.spec.ts', 'e2e-sees-what-a-person-sees'],
])('%s breaks %s', (file, rule) => {
  expect(found).toContain(`${file}: ${rule}`)
})

test.each([
  'app/auth/signin/route.ts',
  'app/(screens)/signin/page.tsx',
  'lib/auth/signin.ts',
  'lib/auth/typed.ts',
  'lib/http/page-session.ts',
  'lib/mail/messages.tsx',
  'lib/passwords/hasher.ts',
  'db/client.ts',
])('%s breaks nothing', (file) => {
  expect(found.filter((line) => line.startsWith(`${file}: `))).toEqual([])
})
