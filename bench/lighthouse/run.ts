/**
 * Lighthouse at every screen of the built app, on the slow phone that it takes by default; of five visits the median.
 * `--publish` writes the table into docs/benchmarks.md; `--only=/signin` takes the screens whose name holds that.
 */
import { type BrowserContext, chromium } from 'playwright'
import { freePort, startServer } from '../../e2e/start-server.ts'
import { launchOptions } from '../browser.ts'
import { auditScreen, CATEGORIES, type Report } from './audit-screen.ts'
import { type Screen, screens } from './screens.ts'

const VISITS = 5
/** SEO is told and not asked for: every page says "noindex", since there is nothing here for a search to find. */
const AT_LEAST = { performance: 98, accessibility: 100, 'best-practices': 100, seo: 0 }
const COMMAND = 'npm run bench:lighthouse -- --publish'

const only = process.argv.find((each) => each.startsWith('--only='))?.slice('--only='.length) ?? ''

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** Of each figure the median by itself; whatever any visit found wanting. */
function middle(visits: Report[]): Report {
  const scores = Object.fromEntries(
    CATEGORIES.map((name) => [name, median(visits.map((each) => each.scores[name]))]),
  ) as Report['scores']
  return {
    scores,
    shift: Math.max(...visits.map((each) => each.shift)),
    paint: median(visits.map((each) => each.paint)),
    weight: median(visits.map((each) => each.weight)),
    wanting: new Map(visits.flatMap((each) => [...each.wanting])),
  }
}

/** What the screen fell short of. The browser logs every page that is not there as an error: so it should be. */
function missed({ status }: Screen, { scores, shift, wanting }: Report): boolean {
  const wrong = [...wanting.keys()].filter((audit) => audit.startsWith('best-practices/'))
  const excused = status === 404 && wrong.every((audit) => audit === 'best-practices/errors-in-console')
  const short = CATEGORIES.filter((name) => scores[name] < AT_LEAST[name])
  return shift > 0 || short.some((name) => !(excused && name === 'best-practices'))
}

const cells = ({ scores, shift, paint, weight }: Report) => [
  ...CATEGORIES.map((name) => String(scores[name])),
  shift === 0 ? '0' : shift.toFixed(3),
  `${(paint / 1000).toFixed(1)} s`,
  `${(weight / 1000).toFixed(0)} kB`,
]

const HEAD = ['Performance', 'Accessibility', 'Best practices', 'SEO', 'Layout shift', 'Largest paint', 'Loaded']
const line = (name: string, values: string[]) =>
  `  ${name.padEnd(32)}${values.map((value, column) => value.padStart((HEAD[column]?.length ?? 0) + 2)).join('')}`

async function audit(origin: string, context: BrowserContext, port: number): Promise<[Screen, Report][]> {
  const all: [Screen, Report][] = []
  for (const screen of await screens(origin)) {
    if (!screen.name.includes(only)) continue
    const visits: Report[] = []
    for (let visit = 0; visit < VISITS; visit++) visits.push(await auditScreen(origin, screen, context, port))
    const report = middle(visits)
    all.push([screen, report])
    console.log(line(screen.name, cells(report)) + (missed(screen, report) ? '  missed' : ''))
    for (const [audit, words] of report.wanting) console.log(`      ${audit}: ${words}`)
  }
  return all
}

const server = await startServer()
const port = await freePort()
// Not a context of Playwright's: Lighthouse opens its pages in the browser's own.
const context = await chromium.launchPersistentContext('', launchOptions([`--remote-debugging-port=${port}`]))
try {
  console.log(line('', HEAD))
  const all = await audit(server.origin, context, port)
  const under = all.filter(([screen, report]) => missed(screen, report))
  const verdict = `Performance ${AT_LEAST.performance}, accessibility and best practices 100 and no layout shift were to be reached: ${
    under.length === 0 ? 'every screen does' : `${under.map(([{ name }]) => name).join('; ')} did not`
  }.`
  console.log(`\n  ${verdict}`)
  process.exitCode = under.length === 0 && all.length > 0 ? 0 : 1
  if (process.argv.includes('--publish')) {
    const { publish } = await import('../report/publish.ts')
    publish({
      id: 'lighthouse',
      command: COMMAND,
      head: ['Screen', ...HEAD],
      rows: all.map(([{ name }, report]) => [name, ...cells(report)]),
      findings: [
        verdict,
        'The browser logs a page that is not there as an error, which best practices count; that one is excused.',
        'SEO is told, not asked for: every page says `noindex`, since a search has nothing to find here.',
      ],
    })
  }
} finally {
  await context.close()
  await server.stop()
}
