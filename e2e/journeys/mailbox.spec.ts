import { expect, test } from 'playwright/test'
import { askForAccount, expectSignedIn, newAddress } from './visitor.ts'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('the mailbox shows the email in a frame, its text beside it, and opens its link in the page', async ({
      page,
    }) => {
      const email = newAddress()
      await askForAccount(page, email)
      await page.getByRole('link', { name: 'Open the mailbox' }).click()
      await page.getByRole('link', { name: /Confirm your email address/u }).click()
      await expect(page.locator('pre')).toContainText('/magic-link#c=')
      const frame = page.frameLocator('iframe')
      await expect(frame.getByText(/^\d{3} ?\d{3}$/u)).toBeVisible()
      await frame.getByRole('link').first().click()
      if (javaScriptEnabled) return expectSignedIn(page, email)
      await expect(page).toHaveURL(/\/magic-link/u)
      // By selector: Playwright's other locators pass over what stands in <noscript>.
      await expect(page.locator('noscript p')).toBeVisible()
      await page.locator('noscript a', { hasText: 'Type the code' }).click()
      await expect(page.getByLabel('Six-digit code')).toBeVisible()
    })
  })
}

test('new mail comes into the open mailbox by itself', async ({ page, context }) => {
  const email = newAddress()
  await page.goto(`/mailbox?to=${email}`)
  await expect(page.getByText('Nothing yet.')).toBeVisible()
  await askForAccount(await context.newPage(), email)
  await page.bringToFront()
  await expect(page.getByRole('link', { name: /Confirm your email address/u })).toBeVisible()
})

test('the frame runs nothing: it is sandboxed twice, by the page and by its own policy', async ({ page }) => {
  const email = newAddress()
  await askForAccount(page, email)
  await page.goto(`/mailbox?to=${email}`)
  await page.getByRole('link', { name: /Confirm your email address/u }).click()
  const frame = page.locator('iframe')
  await expect(frame).toHaveAttribute('sandbox', 'allow-popups allow-top-navigation-by-user-activation')
  const answer = await page.request.get((await frame.getAttribute('src')) ?? '')
  expect(answer.headers()['content-security-policy']).toContain("default-src 'none'")
  expect(answer.headers()['content-security-policy']).toContain('sandbox')
})
