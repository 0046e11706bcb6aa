/**
 * What each screen with a form makes a first visitor load, beyond what an empty page of the same Next loads. A browser
 * fetches both, and the bytes are those that came over the wire: compressed, with the headers of each answer, late
 * scripts too. They are compared as gzip, which is all that Next has; what a browser takes that asks for all it knows
 * stands beside. `--publish` writes the table into docs/benchmarks.md.
 */
import { type Browser, chromium } from 'playwright'
import { freePort, startServer } from '../e2e/start-server.ts'
import { launchOptions } from './browser.ts'
import { startEmptyApp } from './empty-app.ts'

const MOST_KB = 25
const SCREENS = ['/signup', '/signin', '/verify', '/magic-link', '/reset', '/reset/new']
const KINDS = ['Script', 'Stylesheet', 'Document'] as const

type Loaded = Record<(typeof KINDS)[number] | 'All', number>

/** Bytes of a first visit, by kind. What is of no kind above (an icon, an answer of the API) counts as all of it does. */
async function firstVisit(browser: Browser, url: string, encoding?: 'gzip'): Promise<Loaded> {
  const context = await browser.newContext(encoding && { extraHTTPHeaders: { 'accept-encoding': encoding } })
  const page = await context.newPage()
  const loaded: Loaded = { Script: 0, Stylesheet: 0, Document: 0, All: 0 }
  const kindOf = new Map<string, string>()
  const session = await context.newCDPSession(page)
  session.on('Network.responseReceived', ({ requestId, type }) => kindOf.set(requestId, type))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = KINDS.find((each) => each === kindOf.get(requestId))
    if (kind) loaded[kind] += encodedDataLength
    loaded.All += encodedDataLength
  })
  await session.send('Network.enable')
  const response = await page.goto(url, { waitUntil: 'networkidle' })
  if (!response?.ok()) throw new Error(`${url} answered ${response?.status()}.`)
  await context.close()
  return loaded
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`

const HEAD = ['First visit', 'Scripts', 'Styles', 'Page', 'All', 'Beyond the empty page', 'All, as browsers ask']
const cells = (name: string, loaded: Loaded, floor: Loaded, asked: Loaded) => [
  name,
  ...[...KINDS.map((kind) => loaded[kind]), loaded.All, loaded.All - floor.All, asked.All].map(kB),
]
const line = (row: string[]) =>
  `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(16) : cell.padStart(Math.max(11, (HEAD[column]?.length ?? 0) + 3)))).join('')}`

const server = await startServer()
const empty = await startEmptyApp(await freePort())
const browser = await chromium.launch(launchOptions())
try {
  const floor = await firstVisit(browser, empty.origin, 'gzip')
  const rows = [cells('an empty page', floor, floor, await firstVisit(browser, empty.origin))]
  const over: string[] = []
  for (const path of SCREENS) {
    const url = server.origin + path
    const loaded = await firstVisit(browser, url, 'gzip')
    rows.push(cells(path, loaded, floor, await firstVisit(browser, url)))
    if (loaded.All - floor.All > MOST_KB * 1000) over.push(path)
  }
  const verdict = `At most ${MOST_KB} kB beyond the empty page: ${over.length === 0 ? 'so is every screen' : `not ${over.join(', ')}`}.`
  console.log([HEAD, ...rows].map(line).join('\n'))
  console.log(`\n  ${verdict}`)
  process.exitCode = over.length === 0 ? 0 : 1
  if (process.argv.includes('--publish')) {
    const { publish } = await import('./report/publish.ts')
    const command = 'npm run bench:pages -- --publish'
    publish({
      id: 'pages',
      command,
      head: HEAD,
      rows,
      findings: [
        verdict,
        'Scripts, styles, page and all of it by gzip, which is what Next compresses by. A browser that takes brotli gets scripts and styles by that from `server.ts`.',
      ],
    })
  }
} finally {
  await browser.close()
  await empty.stop()
  await server.stop()
}
