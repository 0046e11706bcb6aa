import { expect, test } from 'playwright/test'
import { newestMail } from '../mailbox.ts'
import {
  anotherBrowser,
  askForLink,
  expectSignedIn,
  expectSignedOut,
  haveAccount,
  masked,
  newAddress,
  openLink,
  signOut,
  typeCode,
} from './visitor.ts'

test.beforeEach(async ({ page }) => {
  test.info().annotations.push({ type: 'email', description: await haveAccount(page) })
  await signOut(page)
})
const address = () => test.info().annotations[0]?.description ?? ''

test('the link signs in by itself in the browser that asked', async ({ page }) => {
  const mail = await askForLink(page, address(), await newestMail(address()))
  await openLink(page, mail)
  await expectSignedIn(page, address())
})

test('another browser signs in by a button, never by itself, and the code still works in the first', async ({
  page,
  browser,
}) => {
  const mail = await askForLink(page, address(), await newestMail(address()))
  const other = await anotherBrowser(browser)
  await openLink(other, mail)
  const button = other.getByRole('button', { name: `Sign in on this device as ${masked(address())}` })
  await expect(button).toBeVisible()
  await other.waitForTimeout(1000)
  await expectSignedOut(other)
  await button.click()
  await expectSignedIn(other, address())
  await expectSignedOut(page)
  await typeCode(page, mail, 'Sign in')
  await expectSignedIn(page, address())
})

test('"Keep me signed in" on the other device makes the session last', async ({ page, browser }) => {
  const mail = await askForLink(page, address(), await newestMail(address()))
  const other = await anotherBrowser(browser)
  await openLink(other, mail)
  await other.getByLabel('Keep me signed in').check()
  await other.getByRole('button', { name: /^Sign in on this device/u }).click()
  await expectSignedIn(other, address())
  const session = (await other.context().cookies()).find(({ name }) => name === '__Host-session')
  expect(session?.expires).toBeGreaterThan(Date.now() / 1000)
})

test('where the visitor was going is kept through the email', async ({ page }) => {
  const before = await newestMail(address())
  await page.goto('/signin?next=%2F%3Ffrom%3Demail')
  await page.getByLabel('Email address').fill(address())
  await page.getByRole('button', { name: 'Email me a link' }).click()
  await expect(page).toHaveURL('/verify')
  await openLink(page, await newestMail(address(), { after: before }))
  await expect(page).toHaveURL('/?from=email')
})

test('"Email me a link" without an address says what is missing, beside the field', async ({ page }) => {
  await page.goto('/signin')
  await page.getByRole('button', { name: 'Email me a link' }).click()
  await expect(page.getByLabel('Email address')).toBeFocused()
  await expect(page.getByLabel('Email address')).toHaveAccessibleDescription('Enter your email address.')
  await expect(page.getByLabel('Password', { exact: true })).not.toHaveAttribute('aria-invalid', 'true')
})

test('the screen promises an email to nobody who may have no account, and says the same of everybody', async ({
  page,
}) => {
  const said = []
  for (const email of [address(), newAddress('nobody')]) {
    await page.goto('/signin')
    await page.locator('#email').fill(email)
    await page.getByRole('button', { name: 'Email me a link' }).click()
    await expect(page).toHaveURL('/verify')
    await expect(page.getByText(`If ${email} has an account`)).toBeVisible()
    said.push(((await page.getByRole('main').textContent()) ?? '').replaceAll(email, '').replaceAll(/in \d+ s/gu, ''))
  }
  expect(said[0]).toBe(said[1])
  expect(said[0]).not.toMatch(/we wrote|we sent/iu)
})
