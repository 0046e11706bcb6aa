import { setTimeout as wait } from 'node:timers/promises'
import type { Browser, BrowserContext, Page, Request } from 'playwright/test'
import { nextButton, press } from './buttons.ts'

/** How long a browser of a scanner stays on a page that it only looks at. */
const LOOKS_FOR_MS = Number(process.env.SCANNER_LOOKS_FOR_MS ?? 3000)
const QUIET_AFTER_MS = 400
const SETTLES_WITHIN_MS = 60_000
/** Far more than there are: whoever meets that many goes round in circles, and fails. */
const PRESSES_AT_MOST = 60
const PAGES_AT_MOST = 40

/**
 * What stands between a mailbox and the internet and opens what arrives: a Chromium of its own, without a cookie. It
 * stays out of the embedded mailbox, which no real site has, and where it would find everybody's mail.
 */
export class Scanner {
  readonly context: BrowserContext
  /** What it did: `submits` of forms, `presses` of buttons, and the buttons that were `shut` when no other was left. */
  readonly done = { submits: 0, presses: 0, shut: 0 }
  /** Addresses it has stood at or will go to, in the order it met them, by what tells one page from another. */
  readonly pages = new Map<string, string>()
  private readonly inFlight = new Set<Request>()
  private readonly cookiesSet: Promise<string[]>[] = []
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
      if (new URL(response.url()).pathname.startsWith('/auth/'))
        this.cookiesSet.push(response.headerValues('set-cookie'))
    })
  }

  static async arrive(browser: Browser): Promise<Scanner> {
    return new Scanner(await browser.newContext({ baseURL: process.env.E2E_ORIGIN ?? '' }))
  }

  /** How often it was given a session, by whichever door and in whichever way. */
  async sessionsBegun(): Promise<number> {
    const cookies = (await Promise.all(this.cookiesSet)).flat()
    return cookies.filter((cookie) => /^__Host-session=[^;]/u.test(cookie)).length
  }

  async look(link: string) {
    const page = await this.open(link)
    await page.waitForTimeout(LOOKS_FOR_MS)
  }

  /** Those that appear after a press too, on whichever page it then stands, until none is left. */
  async pressEveryButton(link: string) {
    const page = await this.open(link)
    const pressed = new Set<string>()
    for (;;) {
      const { button, shut } = await nextButton(page, pressed)
      this.done.shut = shut
      if (button === null) return
      this.done.presses += 1
      if (this.done.presses > PRESSES_AT_MOST) throw new Error(`No end of buttons: ${[...pressed].join(', ')}`)
      await press(button)
      await this.settle()
      this.meet(page.url())
    }
  }

  /** Every link of every page, until none is new; every form by both ways a script can submit. Fills in nothing. */
  async followAndSubmitEverything(link: string) {
    this.meet(link)
    // What is met meanwhile comes after: a Map goes on to what it is given while it is read.
    for (const address of this.pages.values()) {
      const page = await this.open(address)
      await this.meetLinksOf(page)
      const forms = await page.locator('form').count()
      await page.close()
      for (let index = 0; index < forms; index++) {
        // With the page's own check, and past it.
        await this.submitForm(address, index, 'requestSubmit')
        await this.submitForm(address, index, 'submit')
      }
    }
  }

  private async submitForm(address: string, index: number, how: 'requestSubmit' | 'submit') {
    const page = await this.open(address)
    const form = page.locator('form').nth(index)
    // Where a submit before has used the link up, its form is not shown again.
    if ((await form.count()) > 0) {
      this.done.submits += 1
      await form.evaluate((each, by) => (each as HTMLFormElement)[by](), how).catch(unlessPageLeft)
      await this.settle()
      await this.meetLinksOf(page)
    }
    await page.close()
  }

  private async open(address: string): Promise<Page> {
    const page = await this.context.newPage()
    // What a closed page had asked for is never reported as done.
    this.inFlight.clear()
    await page.goto(address)
    await this.settle()
    this.meet(page.url())
    return page
  }

  private async meetLinksOf(page: Page) {
    this.meet(page.url())
    const links = page.locator('a[href]')
    for (const address of await links.evaluateAll((all) => all.map((each) => (each as HTMLAnchorElement).href)))
      this.meet(address)
  }

  /** Remembers an address of this site to go to, once: what stands behind `#`, and the order of a query, make no other page. */
  private meet(address: string) {
    const page = new URL(address)
    if (page.origin !== process.env.E2E_ORIGIN || page.pathname.startsWith('/mailbox')) return
    page.hash = ''
    page.searchParams.sort()
    if (this.pages.has(page.href)) return
    this.pages.set(page.href, address)
    if (this.pages.size > PAGES_AT_MOST) throw new Error(`No end of pages: ${[...this.pages.keys()].join(', ')}`)
  }

  /** Until nothing has been asked for over a while: what pages do by themselves is then done. */
  private async settle() {
    const deadline = Date.now() + SETTLES_WITHIN_MS
    this.lastHeard = Date.now()
    while (this.inFlight.size > 0 || Date.now() - this.lastHeard < QUIET_AFTER_MS) {
      if (Date.now() > deadline)
        throw new Error(`Still asked for: ${[...this.inFlight].map((request) => request.url()).join(', ')}`)
      await wait(25)
    }
    await Promise.all(this.cookiesSet)
  }
}

function unlessPageLeft(error: Error) {
  if (!error.message.includes('Execution context was destroyed')) throw error
}
