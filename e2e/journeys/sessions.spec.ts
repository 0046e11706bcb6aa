import { type Browser, expect, type Page, test } from 'playwright/test'
import { anotherBrowser, expectSignedOut, haveAccount, newAddress, PASSWORD } from './visitor.ts'

// Where an account is signed in, and ending some of it, in a browser that runs scripts and in one that does not.

const boxes = (page: Page) => page.getByRole('group', { name: 'Other browsers' }).getByRole('checkbox')
const end = async (page: Page, password: string) => {
  await page.getByLabel('Current password').fill(password)
  await page.getByRole('button', { name: 'Sign out the chosen' }).click()
}
/** Signs in elsewhere, in a browser that is told from the others by its user agent. */
async function signInElsewhere(browser: Browser, email: string, userAgent: string): Promise<Page> {
  const other = await anotherBrowser(browser, { userAgent })
  await other.request.post('/auth/signin', { data: { email, password: PASSWORD, remember: true } })
  return other
}
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const SAFARI =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('every session is shown, and by the password the chosen ones end and no other', async ({ page, browser }) => {
      const email = await haveAccount(page)
      const firefox = await signInElsewhere(browser, email, FIREFOX)
      const safari = await signInElsewhere(browser, email, SAFARI)
      await page.goto('/account')
      await page.getByRole('link', { name: 'See where you are signed in' }).click()
      await expect(page).toHaveURL('/account/sessions')
      await expect(page.getByRole('region', { name: 'This browser' })).toContainText(/Last used .* UTC/u)
      await expect(boxes(page)).toHaveCount(2)
      const ofFirefox = page.getByLabel('Firefox on Linux')
      await expect(ofFirefox).toHaveAccessibleDescription(
        /^Last used .+ UTC Signed in .+ UTC From [\d.:a-f]+, kept signed in$/u,
      )

      await end(page, PASSWORD)
      await expect(ofFirefox).toHaveAccessibleDescription(/Choose at least one to sign out\.$/u)
      if (javaScriptEnabled) await expect(boxes(page).first()).toBeFocused()

      await ofFirefox.check()
      await end(page, 'not the password')
      const password = page.getByLabel('Current password')
      await expect(password).toHaveAccessibleDescription('This is not your current password.')
      await expect(ofFirefox).not.toHaveAttribute('aria-invalid')
      if (javaScriptEnabled) await expect(password).toBeFocused()
      await expect(ofFirefox).toBeChecked({ checked: javaScriptEnabled })

      await ofFirefox.check()
      await end(page, PASSWORD)
      await expect(page.getByRole('status').filter({ hasText: '1 session is signed out.' })).toBeVisible()
      await expectSignedOut(firefox)
      expect((await safari.request.get('/auth/session')).status()).toBe(200)

      await boxes(page).check()
      await end(page, PASSWORD)
      await expect(page.getByText('in this browser and nowhere else')).toBeVisible()
      await expect(page.getByRole('status').filter({ hasText: '1 session is signed out.' })).toBeVisible()
      await expect(page.getByLabel('Current password')).toHaveCount(0)
      await expectSignedOut(safari)
    })

    test('whoever was signed out meanwhile is asked to sign in, and comes back', async ({ page, browser }) => {
      const email = await haveAccount(page, newAddress('overtaken'))
      await signInElsewhere(browser, email, FIREFOX)
      await page.goto('/account/sessions')
      await page.request.post('/auth/signout', { data: {} })
      await boxes(page).check()
      await end(page, PASSWORD)
      await expect(page).toHaveURL('/signin?next=/account/sessions')
      await page.getByLabel('Email address').first().fill(email)
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(page).toHaveURL('/account/sessions')
    })
  })
}

test('what was chosen and has ended meanwhile is no mistake', async ({ page, browser }) => {
  const email = await haveAccount(page)
  const other = await signInElsewhere(browser, email, 'what no browser says')
  await page.goto('/account/sessions')
  await page.getByLabel('An unknown browser on an unknown system').check()
  await other.request.post('/auth/signout', { data: {} })
  await end(page, PASSWORD)
  await expect(page.getByRole('status').filter({ hasText: 'What you chose was already signed out.' })).toBeVisible()
  // No other number is taken for one.
  await page.goto('/account/sessions?ended=<b>9</b>')
  await expect(page.getByRole('status').filter({ hasText: 'signed out' })).toHaveCount(0)
})
