import { defineConfig } from 'vitest/config'

/**
 * For mutation/run.ts, which says by MUTATION_TESTS which tests hold a folder. On SQLite alone: a Postgres for every fault
 * would double the time.
 */
export default defineConfig({
  test: {
    environment: 'node',
    env: { NODE_ENV: 'test', LOG_LEVEL: 'silent', DATABASE_URL: '' },
    include: (process.env.MUTATION_TESTS ?? '').split(' '),
    testTimeout: 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
  },
})
