import { defineConfig } from 'vitest/config'

// Files named *.db.test.ts run once on each database; db/schema/tables.ts picks the tables by DATABASE_URL.
const everyTest = ['{app,attack,components,db,lib,scripts,test}/**/*.test.{ts,tsx}', '*.test.ts']
const databaseTests = '**/*.db.test.ts'

const project = (name: string, include: string[], exclude: string[], databaseUrl: string, isolate: boolean) => ({
  extends: true as const,
  test: { name, include, exclude: ['**/node_modules/**', ...exclude], env: { DATABASE_URL: databaseUrl }, isolate },
})

export default defineConfig({
  test: {
    environment: 'node',
    globalSetup: ['./test/postgres.ts'],
    env: { NODE_ENV: 'test', LOG_LEVEL: 'silent' },
    // better-sqlite3 is native code: processes, not threads, keep a crash of it out of the run itself.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    restoreMocks: true,
    // A process of its own for each file, but not where every test opens a database of its own: those share what they import,
    // which took two thirds of their CPU.
    projects: [
      project('unit', everyTest, [databaseTests], '', true),
      project('sqlite', [databaseTests], [], 'file:test.db', false),
      // The address itself is found by test/postgres.ts; this only names the dialect.
      project('postgres', [databaseTests], [], 'postgres://by-test-setup', false),
    ],
  },
})
