import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, expect, type Page, test } from 'playwright/test'
import {
  anotherBrowser,
  askForAccount,
  askForLink,
  askForReset,
  NEW_PASSWORD,
  openLink,
  PASSWORD,
  signOut,
  typeCode,
} from './journeys/visitor.ts'
import { newestMail } from './mailbox.ts'

const FOLDER = join(import.meta.dirname, '../docs/screenshots')

const LOOKS: Record<string, BrowserContextOptions> = {
  light: { viewport: { width: 640, height: 600 }, deviceScaleFactor: 1.5 },
  dark: { viewport: { width: 640, height: 600 }, colorScheme: 'dark' },
  '320': { viewport: { width: 320, height: 568 } },
}

// A machine that takes pictures seldom has a desktop's font; this is what most visitors have.
const FONT =
  ':root { --font-sans: "Helvetica Neue", Arial, "Liberation Sans", sans-serif } * { caret-color: transparent }'

type Shoot = (page: Page, screen: string) => Promise<void>

for (const [look, options] of Object.entries(LOOKS)) {
  const open = (browser: Browser) => anotherBrowser(browser, { ...options, bypassCSP: true })
  const shoot: Shoot = async (page, screen) => {
    await page.addStyleTag({ content: `${FONT} body { font-family: var(--font-sans) }` })
    await page.waitForTimeout(300)
    await page.screenshot({ path: join(FOLDER, `${screen}-${look}.png`), fullPage: true, animations: 'disabled' })
  }

  test(`${look}: the doors`, async ({ browser }) => {
    const page = await open(browser)
    for (const screen of ['signup', 'signin', 'reset']) {
      await page.goto(`/${screen}`)
      await shoot(page, screen)
    }
    await page.goto('/')
    await shoot(page, 'home')
    await page.goto('/nowhere')
    await shoot(page, 'not-found')
    await page.goto('/magic-link')
    await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible()
    await shoot(page, 'link-expired')
  })

  test(`${look}: mistakes`, async ({ browser }) => {
    const page = await open(browser)
    await page.goto('/signup')
    await page.getByLabel('Email address').fill('ada@example')
    await page.getByLabel('Password', { exact: true }).fill('lantern')
    await page.getByRole('button', { name: 'Create account' }).click()
    await expect(page.getByText('Enter an email address like')).toBeVisible()
    await shoot(page, 'signup-mistake')
    await page.goto('/signin')
    await page.getByLabel('Email address').fill('ada@example.com')
    await page.getByLabel('Password', { exact: true }).fill('not the password')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await expect(page.getByText('Email or password is wrong.')).toBeVisible()
    await shoot(page, 'signin-mistake')
  })

  test(`${look}: a sign-up, and what comes after`, async ({ browser }) => {
    const email = `ada.${look}@example.com`
    const page = await open(browser)
    await page.goto('/signup')
    await page.getByLabel('Email address').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await expect(page.getByText('Very hard to guess')).toBeVisible()
    await shoot(page, 'signup-strength')
    const mail = await askForAccount(page, email)
    await shoot(page, 'verify')
    await typeCode(page, '000 000')
    await expect(page.getByText('This code or link is wrong')).toBeVisible()
    await shoot(page, 'verify-mistake')
    const other = await open(browser)
    await openLink(other, mail)
    await expect(other.getByRole('button', { name: 'This wasn’t me' })).toBeVisible()
    await shoot(other, 'link-other-browser')
    await typeCode(page, mail)
    await expect(page).toHaveURL('/account')
    await shoot(page, 'account')
    await shootSessions(page, browser, email, shoot)
    await shootRest(page, await open(browser), email, shoot)
  })
}

async function shootRest(page: Page, other: Page, email: string, shoot: Shoot) {
  await page.goto('/account/password')
  await shoot(page, 'change-password')
  await page.getByLabel('Current password').fill('not the password')
  await page.getByLabel('New password').fill(NEW_PASSWORD)
  await expect(page.getByText('Very hard to guess')).toBeVisible()
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('This is not your current password.')).toBeVisible()
  await shoot(page, 'change-password-mistake')
  const first = await newestMail(email)
  const reset = await askForReset(page, email, first)
  await shoot(page, 'reset-code')
  await openLink(page, reset)
  await expect(page.getByLabel('Account')).toBeVisible()
  await shoot(page, 'reset-link')
  await signOut(page)
  await shoot(page, 'signed-out')
  const link = await askForLink(page, email, reset)
  await openLink(other, link)
  await expect(other.getByRole('button', { name: /^Sign in on this device/u })).toBeVisible()
  await shoot(other, 'link-other-device')
  await page.setViewportSize({ width: page.viewportSize()?.width === 320 ? 320 : 1000, height: 600 })
  await page.goto(`/mailbox?to=${email}`)
  await page.getByRole('link', { name: /Sign in to/u }).click()
  await expect(page.frameLocator('iframe').getByRole('link').first()).toBeVisible()
  await shoot(page, 'mailbox')
}

const ELSEWHERE = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
]

async function shootSessions(page: Page, browser: Browser, email: string, shoot: Shoot) {
  await page.goto('/account/sessions')
  await shoot(page, 'sessions-one')
  for (const userAgent of ELSEWHERE) {
    const other = await anotherBrowser(browser, { userAgent })
    await other.request.post('/auth/signin', { data: { email, password: PASSWORD, remember: true } })
  }
  await page.goto('/account/sessions')
  await shoot(page, 'sessions')
  await page.getByLabel('Current password').fill('not the password')
  await page.getByRole('button', { name: 'Sign out the chosen' }).click()
  await expect(page.getByText('Choose at least one to sign out.')).toBeVisible()
  await page.getByLabel('Firefox on Linux').check()
  await page.getByRole('button', { name: 'Sign out the chosen' }).click()
  await expect(page.getByText('This is not your current password.')).toBeVisible()
  await shoot(page, 'sessions-mistake')
}
