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

/** Each screen with fields for a password, what each is for, and the way there. */
const SCREENS: [name: string, autocomplete: string[], open: (page: Page, browser: Browser) => Promise<unknown>][] = [
  ['sign-up', ['new-password'], (page) => page.goto('/signup')],
  ['sign-in', ['current-password'], (page) => page.goto('/signin')],
  ['a stranger’s sign-up, by code', ['current-password'], (page) => typeCodeOfStrangersSignup(page, PASSWORD)],
  [
    'a sign-up of another browser, by link',
    ['current-password'],
    async (page, browser) => openLink(page, await askForAccount(await anotherBrowser(browser), newAddress())),
  ],
  [
    'a reset by link',
    ['new-password'],
    async (page) => {
      const email = await haveAccount(page)
      await openLink(page, await askForReset(page, email, await newestMail(email)))
      await expect(page.getByLabel('Account')).toBeVisible()
    },
  ],
  [
    'a change',
    ['current-password', 'new-password'],
    async (page) => {
      await haveAccount(page)
      await page.goto('/account/password')
    },
  ],
]

for (const [name, autocomplete, open] of SCREENS) {
  test(`${name}: the password is masked until it is asked for, can be pasted, and managers are told which it is`, async ({
    page,
    browser,
  }) => {
    await open(page, browser)
    const found = page.locator('input[autocomplete$="-password"]')
    await expect(found).toHaveCount(autocomplete.length)
    const fields = await found.all()
    expect(await Promise.all(fields.map((field) => field.getAttribute('autocomplete')))).toEqual(autocomplete)
    await page.evaluate((text) => navigator.clipboard.writeText(text), PASSWORD)
    for (const field of fields) {
      await expect(field).toHaveAttribute('type', 'password')
      await field.focus()
      await page.keyboard.press('ControlOrMeta+v')
      await expect(field).toHaveValue(PASSWORD)
      await expect(field).toHaveAttribute('type', 'password')
      // Named after its field, so that a screen reader tells two of them apart.
      const [label] = await field.evaluate(({ labels }: HTMLInputElement) =>
        [...(labels ?? [])].map((each) => each.textContent),
      )
      const button = (act: 'Show' | 'Hide') => page.getByRole('button', { name: `${act} ${label}`.toLowerCase() })
      await button('Show').press('Space')
      await expect(field).toHaveAttribute('type', 'text')
      await button('Hide').press('Enter')
      await expect(field).toHaveAttribute('type', 'password')
    }
  })
}
