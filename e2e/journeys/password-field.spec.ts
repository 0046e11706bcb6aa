import { type Browser, expect, type Page, test } from 'playwright/test'
import { newestMail } from '../mailbox.ts'
import {
  anotherBrowser,
  askForAccount,
  askForReset,
  haveAccount,
  newAddress,
  openLink,
  PASSWORD,
  typeCodeOfStrangersSignup,
} from './visitor.ts'

test.use({ permissions: ['clipboard-read', 'clipboard-write'] })

/** Each screen with a field for a password, and the way there. */
const SCREENS: [name: string, autocomplete: string, open: (page: Page, browser: Browser) => Promise<unknown>][] = [
  ['sign-up', 'new-password', (page) => page.goto('/signup')],
  ['sign-in', 'current-password', (page) => page.goto('/signin')],
  ['a stranger’s sign-up, by code', 'current-password', (page) => typeCodeOfStrangersSignup(page, PASSWORD)],
  [
    'a sign-up of another browser, by link',
    'current-password',
    async (page, browser) => openLink(page, await askForAccount(await anotherBrowser(browser), newAddress())),
  ],
  [
    'a reset by link',
    'new-password',
    async (page) => {
      const email = await haveAccount(page)
      await openLink(page, await askForReset(page, email, await newestMail(email)))
      await expect(page.getByLabel('Account')).toBeVisible()
    },
  ],
]

for (const [name, autocomplete, open] of SCREENS) {
  test(`${name}: the password is masked until it is asked for, can be pasted, and managers are told which it is`, async ({
    page,
    browser,
  }) => {
    await open(page, browser)
    const field = page.locator('input[autocomplete$="-password"]')
    await expect(field).toHaveCount(1)
    await expect(field).toHaveAttribute('autocomplete', autocomplete)
    await expect(field).toHaveAttribute('type', 'password')
    await page.evaluate((text) => navigator.clipboard.writeText(text), PASSWORD)
    await field.focus()
    await page.keyboard.press('ControlOrMeta+v')
    await expect(field).toHaveValue(PASSWORD)
    await expect(field).toHaveAttribute('type', 'password')
    await page.getByRole('button', { name: 'Show password' }).press('Space')
    await expect(field).toHaveAttribute('type', 'text')
    await page.getByRole('button', { name: 'Hide password' }).press('Enter')
    await expect(field).toHaveAttribute('type', 'password')
  })
}
