import { expect, test } from 'playwright/test'
import { codeIn, newestMail } from '../mailbox.ts'
import { expectAccessible } from './axe.ts'
import {
  anotherBrowser,
  askForAccount,
  askForLink,
  askForReset,
  haveAccount,
  NEW_PASSWORD,
  newAddress,
  openLink,
  PASSWORD,
  signOut,
  typeCodeOfStrangersSignup,
} from './visitor.ts'

// Each screen in four looks takes its time.
test.describe.configure({ timeout: 90_000 })

test('every screen that needs no account', async ({ page }) => {
  for (const path of ['/', '/signup', '/signin', '/verify', '/magic-link', '/reset', '/reset/new', '/nowhere']) {
    await page.goto(path)
    await page.waitForLoadState('networkidle')
    await expectAccessible(page, path)
  }
})

test('every form with its mistakes', async ({ page }) => {
  await page.goto('/signup')
  await page.getByLabel('Password', { exact: true }).fill('abcdefgh')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByText('Enter your email address.')).toBeVisible()
  await expect(page.getByText(/to guess|Fair/u)).toBeVisible()
  await expectAccessible(page, '/signup with mistakes')
  await page.goto('/signin')
  await page.getByLabel('Email address').fill('ann@example.com')
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'wrong' })).toBeVisible()
  await expectAccessible(page, '/signin refused')
})

test('every screen of a sign-up, a sign-in by link and a reset', async ({ page, browser }) => {
  const email = newAddress()
  const mail = await askForAccount(page, email)
  await page.getByLabel('Six-digit code').fill('000000')
  await expect(page.getByText('This code or link is wrong')).toBeVisible()
  await expectAccessible(page, '/verify with a mistake')
  const other = await anotherBrowser(browser)
  await openLink(other, mail)
  await expect(other.getByRole('button', { name: 'This wasn’t me' })).toBeVisible()
  await expectAccessible(other, '/magic-link of a sign-up in another browser')
  await page.goto(`/mailbox?to=${email}`)
  await expectAccessible(page, '/mailbox')
  await page.getByRole('link', { name: /Confirm your email address/u }).click()
  await expectAccessible(page, '/mailbox with an email')
})

test('the code of a sign-up that somebody else began, which wants a password too', async ({ page }) => {
  const mail = await typeCodeOfStrangersSignup(page, "the stranger's own password")
  await expectAccessible(page, '/verify that asks for the password')
  await page.getByLabel('Six-digit code').fill(codeIn(mail))
  await page.getByLabel('The password chosen at sign-up').fill('not the password')
  await page.getByRole('button', { name: 'Confirm email address' }).click()
  await expect(page.getByText('This is not the password that was chosen at sign-up.').first()).toBeVisible()
  await expectAccessible(page, '/verify with a wrong password')
})

test('every screen of somebody who has an account', async ({ page, browser }) => {
  const email = await haveAccount(page)
  const signup = await newestMail(email)
  await page.goto('/account')
  await expectAccessible(page, '/account')
  await page.goto('/account/sessions')
  await expectAccessible(page, '/account/sessions of one session')
  await (await anotherBrowser(browser)).request.post('/auth/signin', { data: { email, password: PASSWORD } })
  await page.goto('/account/sessions')
  await expectAccessible(page, '/account/sessions')
  await page.getByRole('button', { name: 'Sign out the chosen' }).click()
  await expect(page.getByText('Choose at least one to sign out.')).toBeVisible()
  await expectAccessible(page, '/account/sessions with nothing chosen')
  await page.goto('/account/password')
  await expectAccessible(page, '/account/password')
  await page.getByLabel('Current password').fill('not the password')
  await page.getByLabel('New password').fill(NEW_PASSWORD)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByText('This is not your current password.')).toBeVisible()
  await expectAccessible(page, '/account/password with a wrong password')
  await page.getByLabel('Current password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Your password is changed' })).toBeVisible()
  await expectAccessible(page, '/account with a notice')
  await page.goto('/')
  await expectAccessible(page, '/ signed in')
  const first = await newestMail(email, { after: signup })
  const reset = await askForReset(page, email, first)
  await expectAccessible(page, '/reset/new by code')
  await openLink(page, reset)
  await expect(page.getByLabel('Account')).toBeVisible()
  await expectAccessible(page, '/reset/new by link')
  await signOut(page)
  await expectAccessible(page, '/signin with a notice')
  const link = await askForLink(page, email, reset)
  const other = await anotherBrowser(browser)
  await openLink(other, link)
  await expect(other.getByRole('button', { name: /^Sign in on this device/u })).toBeVisible()
  await expectAccessible(other, '/magic-link of a sign-in in another browser')
})

test('every dead end of a link', async ({ page, browser }) => {
  const email = newAddress()
  const mail = await askForAccount(page, email)
  const owner = await anotherBrowser(browser)
  await openLink(owner, mail)
  await owner.getByRole('button', { name: 'This wasn’t me' }).click()
  await expect(owner.getByText('Tick the box first')).toBeVisible()
  await expectAccessible(owner, '/magic-link with the box not ticked')
  await owner.getByLabel('I did not sign up').check()
  await owner.getByRole('button', { name: 'This wasn’t me' }).click()
  await expect(owner.getByRole('heading', { name: 'The sign-up is deleted' })).toBeVisible()
  await expectAccessible(owner, '/magic-link of a sign-up that is deleted')
  await openLink(page, mail)
  await expect(page.getByRole('link', { name: 'Send a new one' })).toBeVisible()
  await expectAccessible(page, '/magic-link that is dead, in a browser that waits')
  await page.goto(`/reset/new#c=${'A'.repeat(22)}&t=${'B'.repeat(43)}`)
  await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible()
  await expectAccessible(page, '/reset/new with a dead link')
  await haveAccount(page)
  await openLink(page, mail)
  await expect(page.getByRole('link', { name: 'Go to your account' })).toBeVisible()
  await expectAccessible(page, '/magic-link that is dead, signed in')
  await page.goto('/')
  await page.route('**/auth/verify/preview', (route) => route.abort('internetdisconnected'))
  await openLink(page, mail)
  await expect(page.getByRole('heading', { name: 'The link could not be checked' })).toBeVisible()
  await expectAccessible(page, '/magic-link that could not be checked')
})

test('a sign-in that waits for its code, and a mailbox with nothing in it', async ({ page }) => {
  const email = newAddress('nobody')
  await page.goto('/signin')
  await page.locator('#email').fill(email)
  await page.getByRole('button', { name: 'Email me a link' }).click()
  await expect(page).toHaveURL('/verify')
  await expectAccessible(page, '/verify for a sign-in')
  await page.goto(`/mailbox?to=${email}`)
  await expect(page.getByText('Nothing yet.')).toBeVisible()
  await expectAccessible(page, '/mailbox with nothing in it')
})
