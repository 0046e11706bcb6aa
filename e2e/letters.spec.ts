import { expect, type Page, test } from 'playwright/test'
import { LETTERS } from '../test/mail/letters.ts'
import { ApiClient, newestChallenge } from './api-client.ts'
import { expectAccessible, WCAG } from './journeys/axe.ts'
import { NEW_PASSWORD, newAddress, PASSWORD } from './journeys/visitor.ts'
import { type MailboxMessage, newestMail } from './mailbox.ts'

// Every letter as it was sent, in the widths of a phone and of a window, in light and in dark. Landmarks are its client's.

const APP = process.env.E2E_ORIGIN ?? ''
/** So long that it has to be broken on a phone. */
const ADDRESS = 'someone.whose.name.is.longer.than.a.line.of.a.phone'
const WRONG_PASSWORDS = 5
/** Longer than the gap between two mails to one address, and than the first wait after wrong passwords: a hundredth in tests. */
const GAP_MS = 1000

const LOOKS = {
  '320 px': { colorScheme: 'light', width: 320 },
  '320 px, dark': { colorScheme: 'dark', width: 320 },
  '700 px': { colorScheme: 'light', width: 700 },
  '700 px, dark': { colorScheme: 'dark', width: 700 },
} as const

/** One of each kind, to one address, by what brings it about. */
async function oneOfEach(page: Page): Promise<MailboxMessage[]> {
  const email = newAddress(ADDRESS)
  const mails: MailboxMessage[] = []
  const arrives = async () =>
    mails.push(await newestMail(email, mails.at(-1) && { after: mails.at(-1) as MailboxMessage }))
  const owner = new ApiClient(APP)

  await owner.call('/auth/signup', { email, password: PASSWORD })
  await arrives()
  const { challengeId, code } = await newestChallenge(APP, email)
  await owner.call('/auth/verify', { challengeId, token: code })
  await new ApiClient(APP).call('/auth/signup', { email, password: PASSWORD })
  await arrives()
  await new ApiClient(APP).call('/auth/signin', { email, password: PASSWORD })
  await arrives()
  for (let tries = 0; tries < WRONG_PASSWORDS; tries += 1)
    await owner.call('/auth/signin', { email, password: 'not the password' })
  await page.waitForTimeout(GAP_MS)
  await owner.call('/auth/signin', { email, password: PASSWORD })
  await arrives()
  await owner.call('/auth/signin/request', { email })
  await arrives()
  await owner.call('/auth/password/reset/request', { email })
  await arrives()
  const reset = await newestChallenge(APP, email)
  await owner.call('/auth/password/reset', {
    challengeId: reset.challengeId,
    token: reset.code,
    password: NEW_PASSWORD,
  })
  await arrives()
  return mails
}

test.describe.configure({ timeout: 90_000 })

test('every letter can be read and fits, narrow and wide, light and dark', async ({ page }) => {
  const mails = await oneOfEach(page)
  expect(new Set(mails.map(({ subject }) => subject)).size).toBe(LETTERS.length)
  for (const { subject, html } of mails) {
    await page.setContent(html)
    await expectAccessible(page, subject, LOOKS, WCAG)
    await expectGround(page, subject)
  }
})

test('and where a client leaves out its style sheet', async ({ page }) => {
  const email = newAddress(ADDRESS)
  await new ApiClient(APP).call('/auth/signup', { email, password: PASSWORD })
  const { html, subject } = await newestMail(email)
  const bare = html.replace(/<style>.*?<\/style>/su, '')
  expect(bare.length).toBeLessThan(html.length)
  await page.setContent(bare)
  await expectAccessible(page, `${subject}, without its style sheet`, LOOKS, WCAG)
})

/** Its own colours stand in both looks: what is not dark in dark would dazzle, however well it can be read. */
async function expectGround(page: Page, subject: string) {
  const ground = () => page.locator('.card').evaluate((card) => getComputedStyle(card).backgroundColor)
  await page.emulateMedia({ colorScheme: 'light' })
  expect.soft(await ground(), `${subject}, light`).toBe('rgb(255, 254, 251)')
  await page.emulateMedia({ colorScheme: 'dark' })
  expect.soft(await ground(), `${subject}, dark`).toBe('rgb(25, 30, 28)')
}
