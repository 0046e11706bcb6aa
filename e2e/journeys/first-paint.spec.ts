import { type Browser, type BrowserContext, expect, test } from 'playwright/test'
import { linkIn, newestMail } from '../mailbox.ts'
import { anotherBrowser, askForAccount, askForLink, askForReset, haveAccount, newAddress, signOut } from './visitor.ts'

// What is painted largest comes with the page and waits for no script (Largest Contentful Paint, W3C).

/** The phone that Lighthouse takes. */
const PHONE = { viewport: { width: 412, height: 823 }, deviceScaleFactor: 1.75, isMobile: true }

type Painted = { startTime: number; size: number; element: Element | null }

/** Lists what is painted largest up to each moment, as the browser reports it. */
function listLargest() {
  const largest: Painted[] = []
  Object.assign(globalThis, { largest })
  new PerformanceObserver((list) => {
    largest.push(...(list.getEntries() as (PerformanceEntry & Painted)[]))
  }).observe({ type: 'largest-contentful-paint', buffered: true })
}

/** Keeps back the scripts of a page until it is painted. Gives what was painted after them, and larger than all before. */
async function paintedByScripts(context: BrowserContext, path: string, arrived: string): Promise<string[]> {
  const page = await context.newPage()
  await page.addInitScript(listLargest)
  const painted = Promise.withResolvers<void>()
  await page.route('**/_next/static/**/*.js', async (route) => {
    await painted.promise
    await route.continue()
  })
  await page.goto(path, { waitUntil: 'commit' })
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const from = await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)))
    return performance.now()
  })
  painted.resolve()
  await expect(page.getByText(arrived).first()).toBeVisible()
  await page.waitForLoadState('networkidle')
  const largest = await page.evaluate(() =>
    (globalThis as unknown as { largest: Painted[] }).largest.map(({ startTime, size, element }) => ({
      startTime,
      what: `${element?.textContent ?? 'since gone'} (${size})`,
    })),
  )
  await page.close()
  expect(largest.length, `something is painted at ${path}`).toBeGreaterThan(0)
  return largest.filter(({ startTime }) => startTime > from).map(({ what }) => what)
}

test('what is largest on a screen is painted before its scripts are there', async ({ browser }) => {
  const screens = {
    '/': 'Come in',
    '/signup': 'Create your account',
    '/signin': 'Sign in',
    '/verify': 'Nothing to confirm here',
    '/magic-link': 'This link no longer works',
    '/reset': 'Reset your password',
    '/reset/new': 'Send a new email',
    '/mailbox': 'No mail leaves this machine yet',
  }
  const { context } = await phone(browser)
  for (const [path, arrived] of Object.entries(screens))
    expect.soft(await paintedByScripts(context, path, arrived)).toEqual([])
})

test('after a sign-up too, and where its link leads', async ({ browser }) => {
  const { page, context } = await phone(browser)
  const { context: other } = await phone(browser)
  const signup = await askForAccount(page, newAddress())
  expect.soft(await paintedByScripts(context, '/verify', 'Check your email')).toEqual([])
  expect.soft(await paintedByScripts(other, linkIn(signup), 'This wasn’t me')).toEqual([])
})

test('with an account too, and where the links of a sign-in and of a reset lead', async ({ browser }) => {
  const { page, context } = await phone(browser)
  const { context: other } = await phone(browser)
  const email = await haveAccount(page)
  expect.soft(await paintedByScripts(context, '/account', 'Sign out everywhere')).toEqual([])
  expect.soft(await paintedByScripts(context, '/account/password', 'Current password')).toEqual([])
  expect.soft(await paintedByScripts(context, '/account/sessions', 'This browser')).toEqual([])
  await signOut(page)
  const signin = await askForLink(page, email, await newestMail(email))
  expect.soft(await paintedByScripts(other, linkIn(signin), 'Sign in on this device?')).toEqual([])

  const reset = await askForReset(page, email, signin)
  expect.soft(await paintedByScripts(context, '/reset/new', 'Eight-digit code')).toEqual([])
  expect.soft(await paintedByScripts(other, linkIn(reset), 'Account')).toEqual([])
})

async function phone(browser: Browser) {
  const page = await anotherBrowser(browser, PHONE)
  return { page, context: page.context() }
}
