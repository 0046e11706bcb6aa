import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, BrowserContext, Page, Request } from 'playwright/test'

/** How long a browser of a scanner stays on a page that it only looks at. */
const LOOKS_FOR_MS = Number(process.env.SCANNER_LOOKS_FOR_MS ?? 3000)
const QUIET_AFTER_MS = 250
const SETTLES_WITHIN_MS = 5000
const PRESSES = 12
const PAGES = 3
const BUTTONS = 'button, [role=button], input[type=submit], input[type=button], summary'

/**
 * What stands between a mailbox and the internet and opens what arrives: a Chromium of its own, without a cookie. It
 * stays out of the embedded mailbox, which no real site has, and where it would find everybody's mail.
 */
export class Scanner {
  readonly context: BrowserContext
  /** How often it was given a session. */
  sessionsBegun = 0
  private readonly inFlight = new Set<Request>()
  private lastHeard = Date.now()

  private constructor(context: BrowserContext) {
    this.context = context
    const done = (request: Request) => {
      this.inFlight.delete(request)
      this.lastHeard = Date.now()
    }
    context.on('request', (request) => this.inFlight.add(request))
    context.on('requestfinished', done)
    context.on('requestfailed', done)
    context.on('response', (response) => {
      if (new URL(response.url()).pathname === '/auth/verify' && response.status() === 200) this.sessionsBegun += 1
    })
  }

  static async arrive(browser: Browser): Promise<Scanner> {
    return new Scanner(await browser.newContext({ baseURL: process.env.E2E_ORIGIN ?? '' }))
  }

  async open(address: string): Promise<Page> {
    const page = await this.context.newPage()
    // What a closed page had asked for is never reported as done.
    this.inFlight.clear()
    await page.goto(address)
    await this.settle()
    return page
  }

  async look(link: string) {
    const page = await this.open(link)
    await page.waitForTimeout(LOOKS_FOR_MS)
  }

  /** Those that appear after a press too, on whichever page it then stands. */
  async pressEveryButton(link: string) {
    const page = await this.open(link)
    const pressed = new Set<string>()
    for (let presses = 0; presses < PRESSES; presses++) {
      const button = await nextButton(page, pressed)
      if (button === null) return
      await button.click({ timeout: 2000 }).catch(() => null)
      await this.settle()
    }
  }

  /** By both ways a script can submit: with the page's own check, and past it. Fills in nothing. */
  async followAndSubmitEverything(link: string) {
    const ahead = [link]
    for (const address of ahead) {
      const page = await this.open(address)
      const links = page.locator('a[href]')
      const found = await links.evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).href))
      const unseen = found.filter((each) => isWithin(each, page.url()) && !ahead.includes(each))
      ahead.push(...new Set(unseen.slice(0, PAGES - ahead.length)))
      const forms = await page.locator('form').count()
      await page.close()
      for (let index = 0; index < forms; index++) await this.submitForm(address, index)
    }
  }

  private async submitForm(address: string, index: number) {
    const page = await this.open(address)
    const stands = () => new URL(page.url()).pathname === new URL(address).pathname
    for (const how of ['requestSubmit', 'submit'] as const) {
      const form = page.locator('form').nth(index)
      if (!stands() || (await form.count()) === 0) continue
      await form.evaluate((each, by) => (each as HTMLFormElement)[by](), how).catch(() => null)
      await this.settle()
    }
    await page.close()
  }

  /** Until nothing has been asked for over a while: what pages do by themselves is then done. */
  private async settle() {
    const deadline = Date.now() + SETTLES_WITHIN_MS
    this.lastHeard = Date.now()
    while (Date.now() < deadline && (this.inFlight.size > 0 || Date.now() - this.lastHeard < QUIET_AFTER_MS))
      await wait(25)
  }
}

/** The first visible one that has not been pressed on this page by this name. */
async function nextButton(page: Page, pressed: Set<string>) {
  for (const button of await page.locator(BUTTONS).all()) {
    const name = `${new URL(page.url()).pathname} ${await button.textContent({ timeout: 2000 }).catch(() => '')}`
    const label = await button.getAttribute('aria-label', { timeout: 2000 }).catch(() => '')
    const key = `${name} ${label}`
    if (pressed.has(key) || !(await button.isVisible().catch(() => false))) continue
    pressed.add(key)
    return button
  }
  return null
}

function isWithin(address: string, page: string): boolean {
  const { origin, pathname } = new URL(address)
  return origin === new URL(page).origin && !pathname.startsWith('/mailbox')
}
