import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { expect, type Page } from 'playwright/test'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Looks = Record<string, { colorScheme: 'light' | 'dark'; width: number }>

const LOOKS: Looks = {
  light: { colorScheme: 'light', width: 1280 },
  dark: { colorScheme: 'dark', width: 1280 },
  '320 px': { colorScheme: 'light', width: 320 },
  'dark, 320 px': { colorScheme: 'dark', width: 320 },
}

/** The criteria of WCAG 2.2 A and AA, without what is merely good practice for a whole page. */
export const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** In every look, one after the other. Evaluated from outside, so the page's own policy stays as it is. */
export async function expectAccessible(page: Page, screen: string, looks = LOOKS, tags?: string[]) {
  if (await page.evaluate(() => !('axe' in globalThis))) await page.evaluate(AXE)
  const options = { resultTypes: ['violations'], ...(tags && { runOnly: tags }) }
  for (const [look, { colorScheme, width }] of Object.entries(looks)) {
    // Without motion: a colour on its way to another would be measured as neither.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: 720 })
    const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`)
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
    expect.soft(found, `${screen}, ${look}`).toEqual([])
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    expect.soft(overflow, `${screen}, ${look}, scrolls sideways`).toBeLessThanOrEqual(0)
    const heading = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.querySelector('h1') as Element
      return scrollWidth - clientWidth
    })
    expect.soft(heading, `${screen}, ${look}, its heading leaves the card`).toBeLessThanOrEqual(0)
  }
}
