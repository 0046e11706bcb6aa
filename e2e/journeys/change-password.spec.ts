import { expect, type Page, test } from 'playwright/test'
import { newestMail } from '../mailbox.ts'
import {
  anotherBrowser,
  expectAlert,
  expectSignedIn,
  expectSignedOut,
  haveAccount,
  NEW_PASSWORD,
  newAddress,
  PASSWORD,
  signIn,
} from './visitor.ts'

// Changing the password while signed in, in a browser that runs scripts and in one that does not.

async function change(page: Page, before: string, after: string) {
  await page.getByLabel('Current password').fill(before)
  await page.getByLabel('New password').fill(after)
  await page.getByRole('button', { name: 'Change password' }).click()
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('the old password changes it: signed in here, signed out elsewhere, and its owner is told by mail', async ({
      page,
      browser,
    }) => {
      const email = await haveAccount(page)
      const other = await anotherBrowser(browser, { javaScriptEnabled })
      await signIn(other, email)
      await expectSignedIn(other, email)
      await page.goto('/account')
      await page.getByRole('link', { name: 'Change your password' }).click()
      await expect(page).toHaveURL('/account/password')
      await change(page, PASSWORD, NEW_PASSWORD)
      await expect(page).toHaveURL(/\/account(?:\?after=change)?$/u)
      await expect(page.getByRole('status').filter({ hasText: 'You stay signed in here' })).toBeVisible()
      await expect(page.getByText(email)).toBeVisible()
      await expectSignedOut(other)

      await expect.poll(async () => (await newestMail(email)).subject).toMatch(/password was changed$/u)
      expect((await newestMail(email)).text).toContain('every other browser was signed out')
      await signIn(other, email, PASSWORD)
      await expectAlert(other, 'Email or password is wrong.')
      await signIn(other, email, NEW_PASSWORD)
      await expectSignedIn(other, email)
    })

    test('a wrong password and a poor new one are said under their fields, and change nothing', async ({ page }) => {
      const email = await haveAccount(page)
      await page.goto('/account/password')
      await change(page, 'not the password', NEW_PASSWORD)
      const current = page.getByLabel('Current password')
      await expect(current).toHaveAttribute('aria-invalid', 'true')
      await expect(current).toHaveAccessibleDescription('This is not your current password.')
      if (javaScriptEnabled) await expect(current).toBeFocused()
      await change(page, PASSWORD, email)
      const chosen = page.getByLabel('New password')
      await expect(chosen).toHaveAccessibleDescription(/Your email address is the first thing anyone would try/u)
      await expect(current).not.toHaveAttribute('aria-invalid')
      if (javaScriptEnabled) await expect(chosen).toBeFocused()
      await change(page, PASSWORD, NEW_PASSWORD)
      await expect(page.getByRole('status').filter({ hasText: 'Your password is changed' })).toBeVisible()
    })

    test('a session that ended meanwhile is asked to sign in, and comes back to the form', async ({ page }) => {
      const email = await haveAccount(page)
      await page.goto('/account/password')
      await page.request.post('/auth/signout', { data: {} })
      await change(page, PASSWORD, NEW_PASSWORD)
      await expect(page).toHaveURL('/signin?next=/account/password')
      await page.getByLabel('Email address').first().fill(email)
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(page).toHaveURL('/account/password')
    })
  })
}

test('password managers are led to the form by who is signed in, to the mail otherwise', async ({ page }) => {
  await page.goto('/.well-known/change-password')
  await expect(page).toHaveURL('/reset')
  const email = await haveAccount(page, newAddress('manager'))
  await page.goto('/.well-known/change-password')
  await expect(page).toHaveURL('/account/password')
  // Under which name they file the new one.
  await expect(page.locator('form input[autocomplete="username"]')).toHaveValue(email)
})
