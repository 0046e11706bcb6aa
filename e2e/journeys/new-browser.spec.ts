import { expect, test } from 'playwright/test'
import { anotherBrowser, expectSignedIn, haveAccount, signIn } from './visitor.ts'

test('a password used in a browser that the account does not know is told to its owner, who can take the account back', async ({
  page,
  browser,
}) => {
  const email = await haveAccount(page)
  const other = await anotherBrowser(browser)
  await signIn(other, email)
  await expectSignedIn(other, email)

  await page.goto(`/mailbox?to=${encodeURIComponent(email)}`)
  await page.getByRole('link', { name: /New sign-in to your Vestibule account/u }).click()
  await page.frameLocator('iframe').getByRole('link', { name: 'Choose a new password' }).click()
  await expect(page).toHaveURL('/reset')
})
