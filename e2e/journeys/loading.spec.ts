import { expect, type Page, type Response, test } from 'playwright/test'
import { newestMail } from '../mailbox.ts'
import {
  anotherBrowser,
  askForAccount,
  askForReset,
  haveAccount,
  newAddress,
  openLink,
  PASSWORD,
  signUp,
} from './visitor.ts'

// What a first visit loads, what is kept of it, and that nothing moves while it comes.

const OPEN = ['/', '/signup', '/signin', '/verify', '/magic-link', '/reset', '/reset/new', '/mailbox', '/nowhere']

/** Lists whatever moves by itself from the next load on, as the browser counts it (Layout Instability, WICG). */
async function watchShifts(page: Page) {
  await page.addInitScript(() => {
    const moved: string[] = []
    Object.assign(globalThis, { moved })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, sources } = entry as PerformanceEntry & { value: number; sources: { node?: Node }[] }
        moved.push(
          `${value}: ${sources.map(({ node }) => node?.textContent?.slice(0, 40) || node?.nodeName).join(', ')}`,
        )
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
}

async function expectNothingMoved(page: Page, screen: string) {
  await page.waitForLoadState('networkidle')
  const moved = await page.evaluate(() => (globalThis as unknown as { moved: string[] }).moved)
  expect.soft(moved, `${screen} moves`).toEqual([])
}

test('nothing moves while a screen loads, nor by the strength hint', async ({ page, browser }) => {
  await watchShifts(page)
  for (const path of OPEN) {
    await page.goto(path)
    await expectNothingMoved(page, path)
  }
  const email = newAddress()
  const mail = await askForAccount(page, email)
  await expectNothingMoved(page, '/verify after a sign-up')
  const other = await anotherBrowser(browser)
  await watchShifts(other)
  await openLink(other, mail)
  await expect(other.getByRole('button', { name: 'This wasn’t me' })).toBeVisible()
  await expectNothingMoved(other, '/magic-link in another browser')

  await other.goto('/signup')
  await other.getByLabel('Password', { exact: true }).pressSequentially(PASSWORD)
  await expect(other.getByText('Very hard to guess')).toBeVisible()
  await expectNothingMoved(other, '/signup with a password')
})

test('nothing moves on the screens of an account', async ({ page, browser }) => {
  await watchShifts(page)
  const email = await haveAccount(page)
  await page.goto('/account')
  await expectNothingMoved(page, '/account')
  await (await anotherBrowser(browser)).request.post('/auth/signin', { data: { email, password: PASSWORD } })
  await page.goto('/account/sessions')
  await expect(page.getByRole('group', { name: 'Other browsers' })).toBeVisible()
  await expectNothingMoved(page, '/account/sessions')
  await page.goto('/account/password')
  await expectNothingMoved(page, '/account/password')
  await page.getByLabel('New password').pressSequentially(PASSWORD)
  await expect(page.getByText('Very hard to guess')).toBeVisible()
  await expectNothingMoved(page, '/account/password with a password')
  const signup = await newestMail(email)
  const reset = await askForReset(page, email, signup)
  await expectNothingMoved(page, '/reset/new by code')
  await openLink(page, reset)
  await expect(page.getByLabel('Account')).toBeVisible()
  await expectNothingMoved(page, '/reset/new by link')
  await page.goto(`/mailbox?to=${email}&id=${reset.id}`)
  await expectNothingMoved(page, '/mailbox with an email')
})

const FOR_GOOD = 'public, max-age=31536000, immutable'

test('what is static comes by brotli and is kept for good, and a page that carries a nonce never', async ({ page }) => {
  const kept: string[] = []
  const carried = new Map<string, string>()
  page.on('response', (response) => {
    const { 'cache-control': caching = '', 'content-security-policy': policy = '', ...rest } = response.headers()
    const { pathname } = new URL(response.url())
    if (pathname.startsWith('/_next/static/'))
      kept.push(`${pathname.replace(/.*\./u, '')}, ${rest['content-encoding']}: ${caching}`)
    if (policy.includes("'nonce-")) carried.set(pathname, caching)
  })
  for (const path of OPEN) await page.goto(path)
  await signUp(page)
  await page.waitForLoadState('networkidle')
  expect(kept).toEqual(expect.arrayContaining([`js, br: ${FOR_GOOD}`, `css, br: ${FOR_GOOD}`]))
  expect(kept.filter((said) => !said.endsWith(`, br: ${FOR_GOOD}`))).toEqual([])
  expect([...carried.keys()].toSorted()).toEqual([...OPEN, '/account'].toSorted())
  expect([...carried.values()].filter((caching) => !caching.includes('no-store'))).toEqual([])
  // Asked for by hand: a browser without a window shows no icon.
  const icon = await page.locator('link[rel="icon"]').getAttribute('href')
  expect((await page.request.get(icon ?? '')).headers()['cache-control']).toBe(FOR_GOOD)
})

test('the framework starts in two tasks', async ({ page }) => {
  await page.goto('/signup')
  // The pause between them is an empty script (instrumentation-client.ts). The form works after it as ever.
  await expect(page.locator('head > script:not([src]):empty')).toHaveCount(1)
  await page.getByRole('button', { name: 'Show password' }).first().click()
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('type', 'text')
})

/** Words that stand in the code which estimates a password, and in the code which checks a form. */
const STRENGTH = 'Very hard to guess'
const CHECK = 'Enter your email address.'

test('a form is checked by code that its first touch loads, the strength by code that a password loads', async ({
  page,
}) => {
  const scripts: Response[] = []
  page.on('response', (response) => void (response.request().resourceType() === 'script' && scripts.push(response)))
  const loaded = async (words: string) => {
    await page.waitForLoadState('networkidle')
    const texts = await Promise.all(scripts.map((script) => script.text()))
    return texts.some((text) => text.includes(words))
  }
  await page.goto('/signup')
  expect([await loaded(CHECK), await loaded(STRENGTH)]).toEqual([false, false])
  await page.getByLabel('Password', { exact: true }).focus()
  await expect.poll(() => loaded(CHECK)).toBe(true)
  expect(await loaded(STRENGTH)).toBe(false)
  await page.getByLabel('Password', { exact: true }).pressSequentially('lan')
  await expect.poll(() => loaded(STRENGTH)).toBe(true)
})
