import { expect, test } from 'playwright/test'
import { codeIn } from '../mailbox.ts'
import { PASSWORD, typeCodeOfStrangersSignup } from './visitor.ts'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test("a code for a stranger's sign-up confirms nothing without the stranger's password", async ({ page }) => {
      const mail = await typeCodeOfStrangersSignup(page, "the stranger's own password")
      await page.getByLabel('Six-digit code').fill(codeIn(mail))
      await page.getByLabel('The password chosen at sign-up').fill(PASSWORD)
      await page.getByRole('button', { name: 'Confirm email address' }).click()
      await expect(page.getByText('This is not the password that was chosen at sign-up.').first()).toBeVisible()
      expect((await page.request.get('/auth/session')).status()).toBe(401)
    })
  })
}
