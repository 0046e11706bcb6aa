import { expect, type Page, test } from 'playwright/test'
import { codeIn, newestMail } from '../mailbox.ts'
import {
  anotherBrowser,
  askForAccount,
  haveAccount,
  masked,
  NEW_PASSWORD,
  newAddress,
  openLink,
  PASSWORD,
} from './visitor.ts'

// No pointer, and no reaching for elements either: only keys, and what they focus. Many keys, so it takes its time.
test.describe.configure({ timeout: 90_000 })

/** Tabs on until the focus is on this, and checks that it can be seen. */
async function tabTo(page: Page, role: 'button' | 'link' | 'textbox' | 'checkbox', name: string | RegExp) {
  const target = page.getByRole(role, { name, exact: typeof name === 'string' })
  await expect(target).toBeVisible()
  for (let presses = 0; presses < 25; presses += 1) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element === document.activeElement)) break
  }
  await expect(target).toBeFocused()
  expect(await target.evaluate((element) => getComputedStyle(element).outlineWidth)).toBe('3px')
}

const type = (page: Page, text: string) => page.keyboard.type(text)

test('sign up, sign out, sign in and reset, by keyboard alone', async ({ page }) => {
  const email = newAddress()
  await page.goto('/')
  await tabTo(page, 'link', 'Create account')
  await page.keyboard.press('Enter')
  await tabTo(page, 'textbox', 'Email address')
  await type(page, email)
  await tabTo(page, 'textbox', 'Password')
  await type(page, PASSWORD)
  await tabTo(page, 'button', 'Show password')
  await page.keyboard.press('Space')
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('type', 'text')
  await tabTo(page, 'button', 'Create account')
  await page.keyboard.press('Enter')
  const signup = await newestMail(email)

  await tabTo(page, 'textbox', 'Six-digit code')
  await type(page, codeIn(signup))
  await tabTo(page, 'button', 'Sign out')
  await page.keyboard.press('Enter')

  await tabTo(page, 'textbox', 'Email address')
  await type(page, email)
  await tabTo(page, 'textbox', 'Password')
  await type(page, 'not the password')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'Email or password is wrong.' })).toBeVisible()
  await tabTo(page, 'link', 'Forgot your password?')
  await page.keyboard.press('Enter')

  await tabTo(page, 'textbox', 'Email address')
  await type(page, email)
  await page.keyboard.press('Enter')
  const reset = await newestMail(email, { after: signup })
  await tabTo(page, 'textbox', 'Eight-digit code')
  await type(page, codeIn(reset))
  await tabTo(page, 'textbox', 'New password')
  await type(page, NEW_PASSWORD)
  await page.keyboard.press('Enter')

  await tabTo(page, 'textbox', 'Email address')
  await type(page, email)
  await tabTo(page, 'textbox', 'Password')
  await type(page, NEW_PASSWORD)
  await tabTo(page, 'checkbox', 'Keep me signed in')
  await page.keyboard.press('Space')
  await tabTo(page, 'button', 'Sign in')
  await page.keyboard.press('Enter')
  await tabTo(page, 'button', 'Sign out everywhere')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').filter({ hasText: 'signed out on every device' })).toBeVisible()
})

test('signing out another browser, by keyboard alone', async ({ page, browser }) => {
  const email = await haveAccount(page)
  const other = await anotherBrowser(browser)
  await other.request.post('/auth/signin', { data: { email, password: PASSWORD } })
  await page.goto('/account')
  await tabTo(page, 'link', 'See where you are signed in')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/account/sessions')
  await tabTo(page, 'checkbox', / on /u)
  await page.keyboard.press('Space')
  await tabTo(page, 'textbox', 'Current password')
  await type(page, PASSWORD)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').filter({ hasText: '1 session is signed out.' })).toBeVisible()
  expect((await other.request.get('/auth/session')).status()).toBe(401)
})

test('a link in another browser, by keyboard alone', async ({ page, browser }) => {
  const email = newAddress()
  const mail = await askForAccount(await anotherBrowser(browser), email)
  await openLink(page, mail)
  await expect(page.getByRole('heading', { name: `Confirm ${masked(email)}?` })).toBeVisible()
  await tabTo(page, 'textbox', 'The password chosen there')
  await type(page, PASSWORD)
  await tabTo(page, 'button', 'Confirm and sign in here')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/account')
})

/** As far as the email that is to be answered. */
async function askByKeyboard(page: Page, screen: string, button: string, email: string) {
  await page.goto(screen)
  await tabTo(page, 'textbox', 'Email address')
  await type(page, email)
  await tabTo(page, 'button', button)
  await page.keyboard.press('Enter')
  // The mail may be there before the screen that waits for it, and whoever opens its link meanwhile is led back.
  await page.waitForURL(({ pathname }) => pathname !== screen)
}

test('sign in without a password, by a code that was sent twice, by keyboard alone', async ({ page }) => {
  const email = await haveAccount(await page.context().newPage())
  const signup = await newestMail(email)
  await page.context().clearCookies()
  await page.clock.install()
  await askByKeyboard(page, '/signin', 'Email me a link', email)
  const first = await newestMail(email, { after: signup })
  // It counts once the page has come to life.
  await expect(page.getByRole('button', { name: /^Send a new code/u })).toHaveAttribute('aria-disabled', 'true')
  await page.clock.fastForward('01:00')
  // The page's clock moved on; the server's gap, 60 s over LIMIT_SCALE, takes its real time.
  await page.waitForTimeout(1000)
  await tabTo(page, 'button', 'Send a new code')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('status').filter({ hasText: 'A new email is on its way' })).toBeVisible()
  const second = await newestMail(email, { after: first })
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Shift+Tab')
  await expect(page.getByLabel('Six-digit code')).toBeFocused()
  await type(page, codeIn(second))
  await expect(page).toHaveURL('/account')
})

test('sign in by a link, here and on another device, by keyboard alone', async ({ page, browser }) => {
  const email = await haveAccount(page)
  const signup = await newestMail(email)
  await page.context().clearCookies()
  await askByKeyboard(page, '/signin', 'Email me a link', email)
  const mail = await newestMail(email, { after: signup })
  const other = await anotherBrowser(browser)
  await openLink(other, mail)
  await expect(other.getByRole('heading', { name: 'Sign in on this device?' })).toBeFocused()
  await tabTo(other, 'checkbox', 'Keep me signed in')
  await other.keyboard.press('Space')
  await tabTo(other, 'button', /^Sign in on this device/u)
  await other.keyboard.press('Enter')
  await expect(other).toHaveURL('/account')
  await page.waitForTimeout(1000)
  await askByKeyboard(page, '/signin', 'Email me a link', email)
  await openLink(page, await newestMail(email, { after: mail }))
  await expect(page).toHaveURL('/account')
})

test('"This wasn’t me", and its link once it is dead, by keyboard alone', async ({ page, browser }) => {
  const mail = await askForAccount(await anotherBrowser(browser), newAddress())
  await openLink(page, mail)
  await tabTo(page, 'button', 'This wasn’t me')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Tick the box first')).toBeVisible()
  await page.keyboard.press('Shift+Tab')
  await expect(page.getByLabel('I did not sign up')).toBeFocused()
  await page.keyboard.press('Space')
  await tabTo(page, 'button', 'This wasn’t me')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'The sign-up is deleted' })).toBeFocused()
  await tabTo(page, 'link', 'Create an account of your own')
  await openLink(page, mail)
  await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeFocused()
  await tabTo(page, 'link', 'Sign in, or ask for a new link')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/signin')
})

test('reset by a link, and the same link once it is dead, by keyboard alone', async ({ page }) => {
  const email = await haveAccount(page)
  const signup = await newestMail(email)
  await page.context().clearCookies()
  await askByKeyboard(page, '/reset', 'Email me a reset link', email)
  await expect(page.locator('form').first()).toHaveAttribute('novalidate', '')
  const mail = await newestMail(email, { after: signup })
  await openLink(page, mail)
  await tabTo(page, 'textbox', 'New password')
  await type(page, NEW_PASSWORD)
  await tabTo(page, 'button', 'Change password')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/signin/u)
  await openLink(page, mail)
  await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeFocused()
  await tabTo(page, 'link', 'Send a new one')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL('/reset')
})
