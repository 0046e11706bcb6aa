import { expect, type Page, test } from 'playwright/test'
import { codeIn, newestMail } from '../mailbox.ts'
import { anotherBrowser, askForAccount, masked, NEW_PASSWORD, newAddress, openLink, PASSWORD } from './visitor.ts'

// No pointer, and no reaching for elements either: only keys, and what they focus.

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
