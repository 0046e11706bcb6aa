import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, test } from 'playwright/test'
import { ask } from '../ask.ts'
import { anotherBrowser, signUp } from '../journeys/visitor.ts'

// What lies beside the pages: files of the project and of the build, folders, and what a framework tells of itself.

const APP = process.env.E2E_ORIGIN ?? ''
const ROOT = dirname(dirname(import.meta.dirname))
const BUILT = globSync('**/*.*', { cwd: join(ROOT, '.next/static') }).map((path) => path.replaceAll('\\', '/'))
/** Beside each file lies what lib/http/compress-static.ts made of it. */
const isCompressed = (path: string) => /\.(?:br|gz)$/u.test(path)
const STATIC = BUILT.filter((path) => !isCompressed(path))

const FILES = [
  '.git/HEAD',
  '.git/config',
  '.gitignore',
  '.env',
  '.env.local',
  '.npmrc',
  '.ci/run',
  'package.json',
  'package-lock.json',
  'sbom.cdx.json',
  'server.ts',
  'proxy.ts',
  'lib/auth/signin.ts',
  'db/migrations/sqlite/meta/_journal.json',
  'data/vestibule.db',
  'data/vestibule.db-wal',
  'data/auth-secret',
  'data/backups/',
  'vestibule.db',
  'auth-secret',
  '.next/BUILD_ID',
  '.next/required-server-files.json',
  '.next/server/server-reference-manifest.json',
  'node_modules/next/package.json',
  'README.md',
  'docs/security.md',
]
/** Ways to say "the folder above" or "this folder", which some server in the middle takes off. */
const PREFIXES = ['/', '//', '/./', '/%2e/', '/_next/static/../../', '/_next/static/%2e%2e/%2e%2e/']
const ENCODED_PREFIXES = ['/..%2f', '/%2e%2e%2f', '/_next/static/..%2f..%2f', '/_next/static/..%5c..%5c', '/..%c0%af']

test('no file of the project is served, however it is spelt', async () => {
  test.setTimeout(120_000)
  for (const file of FILES) {
    for (const prefix of [...PREFIXES, ...ENCODED_PREFIXES]) {
      const { status, text } = await ask(APP, prefix + file)
      // A redirect tidies the path up; where it leads is asked for by the other spellings.
      expect.soft([308, 400, 404], `${prefix}${file}: ${status}`).toContain(status)
      expect.soft(text, prefix + file).not.toMatch(/"lockfileVersion"|refs\/heads|SQLite format|"dependencies"/u)
    }
  }
})

test('no folder is listed', async () => {
  for (const path of [
    '/_next/',
    '/_next/static/',
    '/_next/static/chunks/',
    '/_next/static/media',
    '/auth/',
    '/.well-known/',
  ]) {
    const { status, text } = await ask(APP, path)
    expect.soft([308, 404], `${path}: ${status}`).toContain(status)
    expect.soft(text, path).not.toMatch(/Index of|\.(?:js|css)<\/a>/u)
  }
})

test('a static file is a script, a style, a font or a picture, says so, and has no map to its source', async () => {
  test.setTimeout(120_000)
  const types: Record<string, string> = {
    js: 'text/javascript; charset=utf-8',
    css: 'text/css; charset=utf-8',
    svg: 'image/svg+xml',
    ico: 'image/vnd.microsoft.icon',
    woff2: 'font/woff2',
  }
  expect(STATIC.length).toBeGreaterThan(10)
  expect(STATIC.filter((path) => !((path.split('.').at(-1) ?? '') in types))).toEqual([])
  for (const path of STATIC) {
    const { status, headers, text } = await ask(APP, `/_next/static/${path}`)
    expect.soft([path, status, headers['x-content-type-options']]).toEqual([path, 200, 'nosniff'])
    expect.soft(headers['content-type'], path).toBe(types[path.split('.').at(-1) ?? ''])
    expect.soft(text, path).not.toContain('sourceMappingURL')
    expect.soft((await ask(APP, `/_next/static/${path}.map`)).status, `${path}.map`).toBe(404)
  }
})

test('a static file comes as small as its build made it, under its own name alone', async () => {
  const decompress = { br: brotliDecompressSync, gzip: gunzipSync }
  const compressed = BUILT.filter(isCompressed)
  expect(compressed.length).toBeGreaterThan(20)
  for (const path of compressed) {
    expect.soft((await ask(APP, `/_next/static/${path}`)).status, path).toBe(404)
    const [encoding, name] = [path.endsWith('.br') ? 'br' : 'gzip', path.replace(/\.\w+$/u, '')] as const
    const response = await fetch(`${APP}/_next/static/${name}`, { headers: { 'accept-encoding': encoding } })
    expect.soft([response.status, response.headers.get('content-encoding')], path).toEqual([200, encoding])
    const bytes = readFileSync(join(ROOT, '.next/static', path))
    expect.soft(response.headers.get('content-length'), path).toBe(String(bytes.length))
    // fetch has unpacked it.
    expect.soft(decompress[encoding](bytes).equals(Buffer.from(await response.arrayBuffer())), path).toBe(true)
  }
})

test('nothing of what helps with writing the app is there in production', async ({ request }) => {
  const frames = { frames: [], isServer: true, isEdgeServer: false, isAppDirectory: true }
  const doors = [
    '/__nextjs_original-stack-frames',
    '/__nextjs_source-map?filename=server.ts',
    '/__nextjs_error_feedback',
  ]
  for (const path of [
    ...doors,
    '/_next/webpack-hmr',
    '/__nextjs_restart_dev',
    '/_next/mcp',
    '/_next/trace',
    '/debug',
  ]) {
    expect.soft((await ask(APP, path)).status, path).toBe(404)
    expect.soft([404, 405], path).toContain((await request.post(path, { data: frames })).status())
  }
  const page = (await ask(APP, '/nowhere')).text
  expect(page).not.toMatch(/nextjs-portal|react-refresh|webpack-hmr|node_modules/u)
})

test('no answer names what it runs on', async () => {
  const script = STATIC.find((path) => path.endsWith('.js'))
  for (const path of [
    '/',
    '/signin',
    '/nowhere',
    '/health',
    '/auth/session',
    '/auth/nowhere',
    `/_next/static/${script}`,
  ]) {
    const { headers } = await ask(APP, path)
    expect.soft(Object.keys(headers), path).not.toContain('x-powered-by')
    expect.soft(Object.keys(headers), path).not.toContain('server')
    expect.soft(JSON.stringify(headers), path).not.toMatch(/next\.?js\/?\d|node\/?\d|express/iu)
  }
})

test('scripts and styles are the same for everybody: nothing private is in them', async ({ page, browser }) => {
  const [stranger, email] = [await anotherBrowser(browser), await signUp(page)]
  for (const path of STATIC) {
    const [own, theirs] = await Promise.all(
      [page, stranger].map(async ({ request }) => (await request.get(`/_next/static/${path}`)).body()),
    )
    expect.soft(own?.equals(theirs ?? Buffer.alloc(0)), path).toBe(true)
    expect.soft(own?.equals(readFileSync(join(ROOT, '.next/static', path))), path).toBe(true)
    expect.soft(String(own), path).not.toContain(email)
  }
})

test('a private page is not given under the name of a file that a cache would keep', async ({ page }) => {
  const email = await signUp(page)
  const tails = [
    '/x.css',
    '/x.js',
    '.css',
    '.js',
    ';x.css',
    '%2fx.css',
    '%3bx.css',
    '%00.css',
    '%23x.css',
    '%3fx.css',
    '/..%2fx.css',
    '/.well-known/x.png',
  ]
  for (const tail of tails) {
    const answer = await page.request.get(`/account${tail}`, { maxRedirects: 0 })
    const tried = `/account${tail}: ${answer.status()}`
    expect.soft(await answer.text(), tried).not.toContain(email)
    expect.soft([307, 308, 400, 404], tried).toContain(answer.status())
  }
  expect(await (await page.request.get('/account')).text()).toContain(email)
})
