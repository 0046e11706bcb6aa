import { expect, type Page, test } from 'playwright/test'
import { linkIn, newestMail } from '../mailbox.ts'
import {
  anotherBrowser,
  askForReset,
  expectAlert,
  expectSignedIn,
  expectSignedOut,
  haveAccount,
  masked,
  NEW_PASSWORD,
  openLink,
  PASSWORD,
  signIn,
} from './visitor.ts'

const choose = async (page: Page, password: string) => {
  await page.getByLabel('New password').fill(password)
  await page.getByRole('button', { name: 'Change password' }).click()
}

test('reset by link in another browser: nobody signed in, old password and old sessions dead', async ({
  page,
  browser,
}) => {
  const email = await haveAccount(page)
  const mail = await askForReset(page, email, await newestMail(email))
  const other = await anotherBrowser(browser)
  await openLink(other, mail)
  await expect(other.getByLabel('Account')).toHaveValue(masked(email))
  await expect(other).not.toHaveURL(/#/u)
  await choose(other, NEW_PASSWORD)
  await expect(other).toHaveURL(/\/signin/u)
  await expect(other.getByRole('status').filter({ hasText: 'Your password is changed' })).toBeVisible()
  await expectSignedOut(other)
  await expectSignedOut(page)
  await signIn(other, email, PASSWORD)
  await expectAlert(other, 'Email or password is wrong.')
  await signIn(other, email, NEW_PASSWORD)
  await expectSignedIn(other, email)
  await openLink(page, mail)
  await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible()
  await page.getByRole('link', { name: 'Send a new one' }).click()
  await expect(page).toHaveURL('/reset')
})

test('the link in the browser that asked takes the place of the code', async ({ page }) => {
  const email = await haveAccount(page)
  const mail = await askForReset(page, email, await newestMail(email))
  await openLink(page, mail)
  await expect(page.getByLabel('Account')).toHaveValue(masked(email))
  await expect(page.getByLabel('Eight-digit code')).toHaveCount(0)
  await choose(page, NEW_PASSWORD)
  await expect(page).toHaveURL(/\/signin/u)
  await signIn(page, email, NEW_PASSWORD)
  await expectSignedIn(page, email)
})

test('an event of the fragment that comes after the link was read does not lose the link', async ({ page }) => {
  const email = await haveAccount(page)
  const mail = await askForReset(page, email, await newestMail(email))
  await openLink(page, mail)
  await expect(page.getByLabel('Account')).toHaveValue(masked(email))
  await page.evaluate((link) => {
    Object.assign(window, { stayed: true })
    window.dispatchEvent(new HashChangeEvent('hashchange', { newURL: link }))
  }, linkIn(mail))
  await page.getByLabel('New password').fill(NEW_PASSWORD)
  await expect(page.getByLabel('Account')).toHaveValue(masked(email))
  expect(await page.evaluate(() => (window as unknown as { stayed: boolean }).stayed)).toBe(true)
})

test('a refused new password is said under its field, and the link still works', async ({ page }) => {
  const email = await haveAccount(page)
  const mail = await askForReset(page, email, await newestMail(email))
  await openLink(page, mail)
  await expect(page.getByLabel('Account')).toHaveValue(masked(email))
  await choose(page, 'password')
  await expect(page.getByLabel('New password')).toBeFocused()
  await expect(page.getByLabel('New password')).toHaveAccessibleDescription(/Too many people use this password/u)
  await choose(page, NEW_PASSWORD)
  await expect(page).toHaveURL(/\/signin/u)
})

test('an unknown address is answered alike, and gets no email', async ({ page }) => {
  await page.goto('/reset')
  await page.getByLabel('Email address').fill('nobody.at.all@example.com')
  await page.getByRole('button', { name: 'Email me a reset link' }).click()
  await expect(page).toHaveURL('/reset/new')
  await expect(page.getByText('If nobody.at.all@example.com has an account')).toBeVisible()
  const mails = await page.request.get('/mailbox/messages?to=nobody.at.all@example.com')
  expect(await mails.json()).toEqual([])
})

test('without a link and without a question the screen offers both', async ({ page }) => {
  await page.goto('/reset/new')
  await expect(page.getByRole('link', { name: 'Send a new email' })).toBeVisible()
  await expect(page.getByText('only in the browser that asked')).toBeVisible()
})
