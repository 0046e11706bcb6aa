import { expect, test } from 'playwright/test'
import { ApiClient } from '../api-client.ts'
import { codeIn, newestMail } from '../mailbox.ts'
import { newAddress, PASSWORD, typeCode } from './visitor.ts'

const THEIRS = "the stranger's own password"

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test("a code for a stranger's sign-up confirms nothing without the stranger's password", async ({
      page,
      baseURL,
    }) => {
      const email = newAddress()
      await new ApiClient(baseURL ?? '').call('/auth/signup', { email, password: THEIRS })
      const before = await newestMail(email)
      await page.waitForTimeout(1000)
      // This browser has signed nobody up; a form of somebody else's making could have it ask all the same.
      expect((await page.request.post('/auth/verify/request', { data: { email } })).status()).toBe(202)
      const mail = await newestMail(email, { after: before })

      await page.goto('/verify')
      await typeCode(page, mail)
      await expect(page.getByLabel('The password chosen at sign-up')).toBeVisible()
      await page.getByLabel('Six-digit code').fill(codeIn(mail))
      await page.getByLabel('The password chosen at sign-up').fill(PASSWORD)
      await page.getByRole('button', { name: 'Confirm email address' }).click()
      await expect(page.getByText('This is not the password that was chosen at sign-up.').first()).toBeVisible()
      expect((await page.request.get('/auth/session')).status()).toBe(401)
    })
  })
}
