import lighthouse from 'lighthouse'
import type { BrowserContext } from 'playwright'
import type { Screen } from './screens.ts'

export const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const
export type Category = (typeof CATEGORIES)[number]

export interface Report {
  /** 0 to 100. */
  scores: Record<Category, number>
  /** Cumulative layout shift, without a unit; 0 is none. */
  shift: number
  /** Largest contentful paint, milliseconds, on Lighthouse's slow phone. */
  paint: number
  /** Bytes over the wire. */
  weight: number
  /** What it found wanting: what it says, by `category/audit`. */
  wanting: Map<string, string>
}

/**
 * One visit with an empty cache, on the phone and the network that Lighthouse takes by default. `context` is the
 * browser's own, which Lighthouse opens its page in by way of `port`.
 */
export async function auditScreen(
  origin: string,
  screen: Screen,
  context: BrowserContext,
  port: number,
): Promise<Report> {
  await context.clearCookies()
  // Cookies know no port, and `__Host-` ones come with `https:` alone; Chromium sends them to localhost all the same.
  for (const [name, value] of screen.cookies ?? [])
    await context.addCookies([{ name, value, url: 'https://localhost' }])
  const lhr = await visit(origin, screen, port)
  const final = new URL(lhr.finalDisplayedUrl)
  const asked = new URL(origin + screen.path)
  if (final.pathname !== asked.pathname) throw new Error(`${screen.name} led to ${final.pathname}.`)
  const scores = Object.fromEntries(
    CATEGORIES.map((name) => [name, Math.round((lhr.categories[name]?.score ?? 0) * 100)]),
  ) as Report['scores']
  const number = (audit: string) => lhr.audits[audit]?.numericValue ?? Number.NaN
  return {
    scores,
    shift: number('cumulative-layout-shift'),
    paint: number('largest-contentful-paint'),
    weight: number('total-byte-weight'),
    wanting: wanting(lhr),
  }
}

type Lhr = NonNullable<Awaited<ReturnType<typeof lighthouse>>>['lhr']

/** Once more when the browser lost the record of a visit, as it now and then does: one of fifty would end them all. */
async function visit(origin: string, screen: Screen, port: number, again = true): Promise<Lhr> {
  const result = await lighthouse(origin + screen.path, {
    port,
    logLevel: 'error',
    onlyCategories: [...CATEGORIES],
    // A page that is not there is a screen too; Lighthouse would refuse to look at it.
    ...(screen.status && { ignoreStatusCode: true }),
  })
  if (result && !result.lhr.runtimeError) return result.lhr
  if (again) return visit(origin, screen, port, false)
  throw new Error(`${screen.name}: ${result?.lhr.runtimeError?.message ?? 'Lighthouse gave no result.'}`)
}

function wanting({ categories, audits }: Lhr): Map<string, string> {
  const found = new Map<string, string>()
  for (const name of CATEGORIES)
    for (const { id } of categories[name]?.auditRefs ?? []) {
      const audit = audits[id]
      if (audit && audit.score !== null && audit.score < 0.9)
        found.set(`${name}/${id}`, audit.displayValue ?? audit.title)
    }
  return found
}
