import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** A fault in what runs at import meets every test until one fails: those without a database are the quicker to ask. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const needsDatabase = ({ moduleId }: TestSpecification) => Number(moduleId.endsWith('.db.test.ts'))
    return (await super.sort(files)).reverse().sort((a, b) => needsDatabase(a) - needsDatabase(b))
  }
}

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
    // One worker for all files of one fault, and a new one for the next: what is loaded once need not be loaded file by file.
    isolate: false,
    sequence: { sequencer: QuickFirst },
  },
})
