import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'playwright/test'

/** Written by scripts/setup.mjs --browser. */
const found = join(import.meta.dirname, 'node_modules/.cache/chromium-path')
const executablePath = existsSync(found) ? readFileSync(found, 'utf8') : undefined
/** Chromium's own sandbox refuses to work for root, and CI is often root. */
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []

/** What must not happen even once: races, and what other sites, scanners and thieves try. */
const ATTACKS = ['**/races*.spec.ts', '**/attack/**/*.spec.ts']
/** What takes its time has a script of its own: `npm run attack:scanners`, `npm run attack:scripts`. */
const TAKES_ITS_TIME = [
  ...(process.env.SCANNER_LOOKS_FOR_MS ? [] : ['**/mail-scanner.spec.ts']),
  ...(process.env.ATTACK_SCRIPTS ? [] : ['**/script-corpus.spec.ts']),
]

export default defineConfig({
  testDir: './e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './e2e/server.ts',
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  timeout: 45_000,
  projects: [
    { name: 'attacks', testMatch: ATTACKS, testIgnore: TAKES_ITS_TIME, retries: 0, timeout: 180_000 },
    // A shared machine can freeze for seconds. What passed at its second try is named at the end, with the trace of it.
    { name: 'journeys', testIgnore: ATTACKS, retries: 1 },
  ],
  expect: { timeout: 10_000 },
  outputDir: './test-results',
  use: {
    browserName: 'chromium',
    // Set by e2e/server.ts in the main process, inherited by the workers, which read this file again.
    ...(process.env.E2E_ORIGIN && { baseURL: process.env.E2E_ORIGIN }),
    launchOptions: { args, ...(executablePath && { executablePath }) },
    locale: 'en-GB',
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
  },
})
