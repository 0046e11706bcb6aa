import { expect, type Page, test } from 'playwright/test'
import { linkIn } from '../mailbox.ts'
import {
  anotherBrowser,
  askForAccount,
  expectSignedIn,
  expectSignedOut,
  haveAccount,
  masked,
  newAddress,
  openLink,
  PASSWORD,
  signIn,
  signUp,
  typeCode,
} from './visitor.ts'

const confirm = async (page: Page, password: string) => {
  await page.getByLabel('The password chosen there').fill(password)
  await page.getByRole('button', { name: 'Confirm and sign in here' }).click()
}

test('the link confirms by itself in the browser that signed up, and leaves no trace of its secret', async ({
  page,
}) => {
  const email = newAddress()
  const mail = await askForAccount(page, email)
  const seen: string[] = []
  page.on('request', (request) => seen.push(request.url(), JSON.stringify(request.headers())))
  await openLink(page, mail)
  await expectSignedIn(page, email)
  const secret = new URLSearchParams(new URL(linkIn(mail)).hash.slice(1)).get('t') ?? ''
  expect(secret).toHaveLength(43)
  expect(seen.filter((text) => text.includes(secret))).toEqual([])
  await page.goBack()
  await expect(page).not.toHaveURL(/#/u)
})

test('another browser is told who asked, and needs the password: wrong, then right', async ({ page, browser }) => {
  const email = newAddress()
  const mail = await askForAccount(page, email)
  const other = await anotherBrowser(browser)
  await openLink(other, mail)
  await expect(other.getByRole('heading', { level: 1 })).toHaveText(`Confirm ${masked(email)}?`)
  await expect(other.getByText(/Chrom\w+ on \w+/u)).toBeVisible()
  await expect(other).not.toHaveURL(/#/u)
  await confirm(other, 'not the password')
  await expect(other.getByLabel('The password chosen there')).toHaveAccessibleDescription(/not the password/u)
  await expect(other.getByLabel('The password chosen there')).toBeFocused()
  await expectSignedOut(other)
  await confirm(other, PASSWORD)
  await expectSignedIn(other, email)
  await expectSignedOut(page)
})

test('the link in another browser leaves the code in the first one working', async ({ page, browser }) => {
  const email = newAddress()
  const mail = await askForAccount(page, email)
  const other = await anotherBrowser(browser)
  await openLink(other, mail)
  await expect(other.getByText('type the code from the same email there')).toBeVisible()
  await typeCode(page, mail)
  await expectSignedIn(page, email)
  await expectSignedOut(other)
})

test('"This wasn’t me" deletes the sign-up: its link, its code and its password are dead', async ({
  page,
  browser,
}) => {
  const email = newAddress()
  const mail = await askForAccount(page, email)
  const owner = await anotherBrowser(browser)
  await openLink(owner, mail)
  await owner.getByRole('button', { name: 'This wasn’t me' }).click()
  await expect(owner.getByText('Tick the box first')).toBeVisible()
  await owner.getByLabel('I did not sign up').check()
  await owner.getByRole('button', { name: 'This wasn’t me' }).click()
  await expect(owner.getByRole('heading', { name: 'The sign-up is deleted' })).toBeVisible()
  await typeCode(page, mail)
  await expect(page.getByText('This code or link is wrong')).toBeVisible()
  await signIn(page, email)
  await expect(page.getByRole('alert').filter({ hasText: 'Email or password is wrong.' })).toBeVisible()
  await openLink(owner, mail)
  await expect(owner.getByRole('heading', { name: 'This link no longer works' })).toBeVisible()
  await signUp(owner, email)
})

test('a browser signed in as somebody else is told before it is replaced', async ({ page, browser }) => {
  const somebody = await haveAccount(page)
  const mail = await askForAccount(await anotherBrowser(browser), newAddress())
  await openLink(page, mail)
  await expect(page.getByText(`This browser is signed in as ${somebody}.`)).toBeVisible()
  await page.goto('/account')
  await expectSignedIn(page, somebody)
})

test('an address that has an account gets an email that says so', async ({ page, browser }) => {
  const email = await haveAccount(page)
  const other = await anotherBrowser(browser)
  await other.goto('/signup')
  await other.getByLabel('Email address').fill(email)
  await other.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await other.getByRole('button', { name: 'Create account' }).click()
  await expect(other).toHaveURL('/verify')
  await other.getByRole('link', { name: 'Open the mailbox' }).click()
  await expect(other.getByRole('link', { name: /You already have an account/u })).toBeVisible()
})

test('a second link opened in the same tab is read too', async ({ page, browser }) => {
  const first = await askForAccount(await anotherBrowser(browser), newAddress('first'))
  const second = await askForAccount(await anotherBrowser(browser), newAddress('second'))
  await openLink(page, first)
  await expect(page.getByRole('heading', { name: 'Confirm f***@example.com?' })).toBeVisible()
  await openLink(page, second)
  await expect(page.getByRole('heading', { name: 'Confirm s***@example.com?' })).toBeVisible()
})
