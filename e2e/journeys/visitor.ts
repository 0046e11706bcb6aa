import { randomUUID } from 'node:crypto'
import { type Browser, type BrowserContextOptions, expect, type Page } from 'playwright/test'
import { ApiClient, newestChallenge } from '../api-client.ts'
import { codeIn, linkIn, type MailboxMessage, newestMail } from '../mailbox.ts'

// What a person does, in a person's order. Every way in goes through the front door.

export const PASSWORD = 'a lantern in the hall'
export const NEW_PASSWORD = 'two lanterns on the stairs'

/** An address of nobody yet, so that journeys run side by side. */
export const newAddress = (name = 'ann') => `${name}.${randomUUID().slice(0, 8)}@example.com`

/** What the server says of an address to a browser that has only a link: a***@example.com. */
export const masked = (email: string) => `${email.slice(0, 1)}***@example.com`

/** A browser that has never been here: no cookies, no device. */
export async function anotherBrowser(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: process.env.E2E_ORIGIN ?? '', locale: 'en-GB', ...options })
  return context.newPage()
}

/** Which server's mailbox, where it is not the usual one. */
const at = (origin: string | undefined) => (origin === undefined ? {} : { origin })

export async function fillSignup(page: Page, email: string, password = PASSWORD) {
  await page.goto('/signup')
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
}

/** Signs up as far as the email. */
export async function askForAccount(page: Page, email: string, origin?: string): Promise<MailboxMessage> {
  await fillSignup(page, email)
  await expect(page).toHaveURL(/\/verify$/u)
  return newestMail(email, at(origin))
}

/** The sixth digit sends the form; without JavaScript its button does. */
export async function typeCode(page: Page, mail: MailboxMessage | string, button = 'Confirm email address') {
  const sendsItself = await hasJavaScript(page)
  await page.getByLabel('Six-digit code').fill(typeof mail === 'string' ? mail : codeIn(mail))
  if (!sendsItself) await page.getByRole('button', { name: button }).click()
}

/**
 * Somebody else signs up with this address, and then this browser asks for a mail and types its code: the screen wants the
 * password that the other chose.
 */
export async function typeCodeOfStrangersSignup(page: Page, strangersPassword: string): Promise<MailboxMessage> {
  const email = newAddress()
  await new ApiClient(process.env.E2E_ORIGIN ?? '').call('/auth/signup', { email, password: strangersPassword })
  const before = await newestMail(email)
  // The gap between two mails to one address is a hundredth of its length in tests.
  await page.waitForTimeout(1000)
  // This browser has signed nobody up; a form of somebody else's making could have it ask all the same.
  expect((await page.request.post('/auth/verify/request', { data: { email } })).status()).toBe(202)
  const mail = await newestMail(email, { after: before })
  await page.goto('/verify')
  await typeCode(page, mail)
  await expect(page.getByLabel('The password chosen at sign-up')).toBeVisible()
  return mail
}

/** A new account, signed in here. Works without JavaScript too. */
export async function signUp(page: Page, email = newAddress(), origin?: string): Promise<string> {
  const mail = await askForAccount(page, email, origin)
  await typeCode(page, mail)
  await expectSignedIn(page, email)
  return email
}

/** The same by the requests alone, for a journey that begins later. Ends at no screen. */
export async function haveAccount(
  page: Page,
  email = newAddress(),
  origin = process.env.E2E_ORIGIN ?? '',
): Promise<string> {
  const asked = await page.request.post(`${origin}/auth/signup`, { data: { email, password: PASSWORD } })
  expect(asked.status()).toBe(202)
  const { challengeId, code } = await newestChallenge(origin, email)
  const confirmed = await page.request.post(`${origin}/auth/verify`, { data: { challengeId, token: code } })
  expect(confirmed.status()).toBe(200)
  return email
}

export async function signIn(page: Page, email: string, password = PASSWORD) {
  await page.goto('/signin')
  await page.getByLabel('Email address').first().fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

export async function signOut(page: Page) {
  await page.goto('/account')
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await expect(page).toHaveURL(/\/signin$/u)
  await expect(page.getByRole('status').filter({ hasText: 'You are signed out.' })).toBeVisible()
}

/** Asks for a link at the sign-in screen, as far as the email. */
export async function askForLink(
  page: Page,
  email: string,
  after?: MailboxMessage,
  origin?: string,
): Promise<MailboxMessage> {
  await page.goto('/signin')
  const field = (await hasJavaScript(page)) ? '#email' : '#link-email'
  await page.locator(field).fill(email)
  await page.getByRole('button', { name: 'Email me a link' }).click()
  await expect(page).toHaveURL(/\/verify$/u)
  return newestMail(email, { ...at(origin), ...(after && { after }) })
}

/** Asks for a new password, as far as the email. */
export async function askForReset(
  page: Page,
  email: string,
  after: MailboxMessage,
  origin?: string,
): Promise<MailboxMessage> {
  await page.goto('/reset')
  await page.getByLabel('Email address').fill(email)
  await page.getByRole('button', { name: 'Email me a reset link' }).click()
  await expect(page).toHaveURL(/\/reset\/new$/u)
  // Alive, so that a link opened here next does not change the address of a page that is still starting.
  if (await hasJavaScript(page)) await expect(page.locator('form').first()).toHaveAttribute('novalidate', '')
  return newestMail(email, { ...at(origin), after })
}

/** Once the page at hand has loaded: nobody clicks in a mail before, and Next would write back the address it began with. */
export async function openLink(page: Page, mail: MailboxMessage) {
  await page.waitForLoadState()
  await page.goto(linkIn(mail))
}

export async function expectSignedIn(page: Page, email: string) {
  await expect(page).toHaveURL(/\/account$/u)
  await expect(page.getByText(email)).toBeVisible()
}

/** Asks the server, not the screen. */
export async function expectSignedOut(page: Page) {
  const answer = await page.request.get('/auth/session')
  expect(answer.status()).toBe(401)
}

export async function expectAlert(page: Page, text: string | RegExp) {
  await expect(page.getByRole('alert').filter({ hasText: text })).toBeVisible()
}

/** Evaluating works from outside even where the page itself may run nothing. */
const hasJavaScript = (page: Page) => page.evaluate(() => !window.matchMedia('(scripting: none)').matches)
