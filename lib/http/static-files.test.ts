import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { compressStatic } from './compress-static.ts'
import { staticFiles } from './static-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'vestibule-static-'))
const SCRIPT = 'export const words = "the same words again and again"\n'.repeat(100)
const FILES = {
  'chunks/x.js': SCRIPT,
  'chunks/deeper/y.css': 'a { color: red }',
  'media/mark.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'media/font.woff2': 'a font',
  'an-id/_buildManifest.js': 'self.x = 1',
  'chunks/x.js.map': 'its source',
}
const NAMES = Object.keys(FILES).filter((name) => !name.endsWith('.map'))

let files: ReturnType<typeof staticFiles>
beforeAll(async () => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  await compressStatic(folder)
  files = staticFiles(folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

async function read(name: string, headers: Record<string, string> = {}, method = 'GET') {
  const request = new Request(`http://localhost/_next/static/${name}`, { method, headers })
  const response = await files.get(name)?.(request)
  if (!response) throw new Error(`${name} is not there.`)
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) }
}

it('has the files of the build, and neither a map to their source nor what they became compressed', () => {
  expect([...files.keys()].toSorted()).toEqual(NAMES.toSorted())
})

it.each([
  ['br', ['br', 'br, gzip', 'gzip, deflate, br, zstd', '*'], brotliDecompressSync],
  ['gzip', ['gzip', 'gzip;q=0.5, br;q=0', 'deflate, gzip'], gunzipSync],
] as const)('sends a script by %s to whoever takes that', async (encoding, accepted, decompress) => {
  for (const accept of accepted) {
    const { headers, body } = await read('chunks/x.js', { 'accept-encoding': accept })
    expect([accept, headers.get('content-encoding'), headers.get('vary')]).toEqual([
      accept,
      encoding,
      'Accept-Encoding',
    ])
    expect(headers.get('content-length')).toBe(String(body.length))
    expect(body.length).toBeLessThan(SCRIPT.length / 10)
    expect(String(decompress(body))).toBe(SCRIPT)
  }
})

it.each([{}, { 'accept-encoding': 'identity' }, { 'accept-encoding': 'br;q=0' }, { 'accept-encoding': 'zstd' }])(
  'sends it as it is for %j',
  async (headers) => {
    const answer = await read('chunks/x.js', headers)
    expect([answer.headers.get('content-encoding'), answer.headers.get('vary')]).toEqual([null, 'Accept-Encoding'])
    expect(String(answer.body)).toBe(SCRIPT)
  },
)

it('compresses no font, which is compressed already', async () => {
  const { headers, body } = await read('media/font.woff2', { 'accept-encoding': 'br' })
  expect([headers.get('content-encoding'), String(body)]).toEqual([null, 'a font'])
})

it.each([
  ['chunks/x.js', 'text/javascript; charset=utf-8'],
  ['chunks/deeper/y.css', 'text/css; charset=utf-8'],
  ['media/mark.svg', 'image/svg+xml'],
  ['media/font.woff2', 'font/woff2'],
])('%s says what it is, and is kept for good', async (name, type) => {
  for (const method of ['GET', 'HEAD']) {
    const { status, headers, body } = await read(name, {}, method)
    expect([status, headers.get('content-type')]).toEqual([200, type])
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(String(body)).toBe(method === 'HEAD' ? '' : readFileSync(join(folder, name), 'utf8'))
  }
})

it('sends nothing to whoever has it', async () => {
  const etag = (await read('chunks/x.js')).headers.get('etag') ?? ''
  const again = await read('chunks/x.js', { 'if-none-match': etag })
  expect([again.status, String(again.body)]).toEqual([304, ''])
  expect(again.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  // What came compressed is another thing.
  expect((await read('chunks/x.js', { 'if-none-match': etag, 'accept-encoding': 'br' })).status).toBe(200)
})

it('is null for a file that is gone', async () => {
  writeFileSync(join(folder, 'chunks/short.js'), 'x')
  const short = staticFiles(folder).get('chunks/short.js')
  rmSync(join(folder, 'chunks/short.js'))
  expect(await short?.(new Request('http://localhost/_next/static/chunks/short.js'))).toBeNull()
})
