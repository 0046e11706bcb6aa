import type { Verdict } from '../abuse/verdict.ts'

// By its address: what it imports is installed in bench/ alone, and only --publish needs it.
const PUBLISH = new URL('../../bench/report/publish.ts', import.meta.url).href

/** What publish.ts is given; its own type would pull its packages into every check of types. */
interface Result {
  id: string
  command: string
  head: string[]
  rows: (string | number)[][]
  findings: string[]
}

const wordFor = (held: boolean | null) => (held === null ? 'left out' : held ? 'held' : '**missed**')

/** The verdicts as the section `machines` of docs/benchmarks.md. Needs `npm ci --prefix bench`. */
export async function publishMachines(verdicts: Verdict[]): Promise<void> {
  const { publish } = (await import(PUBLISH)) as { publish: (result: Result) => void }
  const missed = verdicts.filter(({ held }) => held === false).length
  publish({
    id: 'machines',
    command: 'npm run attack:machines -- --publish',
    head: ['Three instances, one Postgres', '', 'Measured'],
    rows: verdicts.map(({ attack, figure, held }) => [attack, wordFor(held), figure]),
    findings: [
      `${missed} of ${verdicts.length} missed. Clients, proxy, Postgres and three instances share the cores named above.`,
    ],
  })
}
