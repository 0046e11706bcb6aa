/**
 * How much JavaScript each screen with a form makes a first visitor load, beyond what an empty page of the same Next
 * loads. A browser fetches both, so that whatever really comes over the wire is counted, late scripts too.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium } from 'playwright'
import { freePort, startServer } from '../e2e/start-server.ts'
import { startEmptyApp } from './empty-app.ts'

const MOST_KB = 35
const SCREENS = ['/signup', '/signin', '/verify', '/magic-link', '/reset', '/reset/new']

/** Bytes of all scripts of a first visit, each compressed as a proxy in front would. */
async function scriptBytes(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const sizes: Promise<number>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return
    sizes.push(response.body().then((body) => gzipSync(body).length))
  })
  const response = await page.goto(url, { waitUntil: 'networkidle' })
  if (!response?.ok()) throw new Error(`${url} answered ${response?.status()}.`)
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  await context.close()
  return total
}

function launch(): Promise<Browser> {
  const found = join(import.meta.dirname, '../node_modules/.cache/chromium-path')
  const executablePath = existsSync(found) ? readFileSync(found, 'utf8') : undefined
  return chromium.launch({
    ...(executablePath && { executablePath }),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
}

const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`.padStart(9)

const server = await startServer()
const empty = await startEmptyApp(await freePort())
const browser = await launch()
try {
  const floor = await scriptBytes(browser, empty.origin)
  console.log(`\n  JavaScript of a first visit, gzip            all      more than an empty page (${kB(floor).trim()})`)
  let missed = 0
  for (const path of SCREENS) {
    const bytes = await scriptBytes(browser, server.origin + path)
    const tooMuch = bytes - floor > MOST_KB * 1000
    if (tooMuch) missed++
    console.log(`  ${path.padEnd(36)}${kB(bytes)}  ${kB(bytes - floor)}${tooMuch ? '  too much' : ''}`)
  }
  console.log(`\n  ${missed === 0 ? `Each is within ${MOST_KB} kB.` : `${missed} are over ${MOST_KB} kB.`}`)
  process.exitCode = missed === 0 ? 0 : 1
} finally {
  await browser.close()
  await empty.stop()
  await server.stop()
}
