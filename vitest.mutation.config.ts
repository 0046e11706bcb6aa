import { defineConfig } from 'vitest/config'

/**
 * For `npm run mutation`: the tests that hold the mutated folders, on SQLite alone, since a Postgres for every mutant would
 * double the time. mutation/run.ts picks from them, folder by folder.
 */
export default defineConfig({
  test: {
    environment: 'node',
    env: { NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: '' },
    include: ['db/queries/*.test.ts', 'lib/{auth,http,limits,passwords}/*.test.ts', 'test/docs/numbers.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
  },
})
