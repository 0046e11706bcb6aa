import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dialect } from '#db/schema/tables'
import { makeLimits } from '#lib/limits/limits'
import { testDeps } from '../deps.ts'
import { Hall } from './hall.ts'
import { perform } from './perform.ts'
import { checkRules } from './rules.ts'
import { Seen } from './seen.ts'
import { acts } from './stories.ts'

// Random visitors do random things in random order. What must hold after each of them stands as sentences in rules.ts, and
// beside the acts in at-the-door.ts, by-mail.ts and passing.ts. `npm run attack:model` makes a long run of it.

const RUNS = Number(process.env.MODEL_RUNS ?? 25)

it('the rules hold after every act of random visitors', { timeout: RUNS * 20_000 }, async () => {
  let [sequences, done] = [0, 0]
  const seen = new Seen()
  await fc.assert(
    fc.asyncProperty(acts, async (sequence) => {
      const deps = await testDeps()
      // Budgets have tests of their own; here they would end every story early.
      deps.limits = makeLimits(deps.db, deps.now, 1000)
      const hall = new Hall(deps, seen)
      try {
        for (const act of sequence) {
          await perform(hall, act)
          await checkRules(hall)
          done += 1
        }
        sequences += 1
      } finally {
        await deps.db.close()
      }
    }),
    {
      numRuns: RUNS,
      plugins: [fc.unbiased()],
      // Bounds how long a failure is shrunk. A run that ends early has not shown what it was to show, so it fails too.
      interruptAfterTimeLimit: RUNS * 4000 + 30_000,
      markInterruptAsFailure: true,
    },
  )
  if (process.env.MODEL_RUNS) process.stdout.write(`${dialect}: ${sequences} sequences, ${done} acts\n${seen}`)
  expect(sequences).toBe(RUNS)
  seen.check(sequences)
})
