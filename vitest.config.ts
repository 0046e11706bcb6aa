import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    environment: 'node',
    include: ['{app,components,db,lib,scripts,test}/**/*.test.{ts,tsx}', '*.test.ts'],
    globalSetup: ['./test/postgres.ts'],
    env: { NODE_ENV: 'test', LOG_LEVEL: 'silent' },
    // better-sqlite3 is native code: a process of its own for each file keeps one file's crash out of the others.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
  },
})
