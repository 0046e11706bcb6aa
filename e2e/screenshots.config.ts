import { defineConfig } from 'playwright/test'
import base from '../playwright.config.ts'

/** `npm run screenshots`: the pictures of the README and docs, taken of the built app into docs/screenshots. */
export default defineConfig(base, {
  testDir: '.',
  testMatch: 'screenshots.take.ts',
  globalSetup: './server.ts',
  outputDir: '../test-results',
  workers: 1,
})
