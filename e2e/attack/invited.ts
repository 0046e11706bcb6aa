import { type Browser, expect, type Page } from 'playwright/test'
import {
  anotherBrowser,
  expectSignedIn,
  expectSignedOut,
  NEW_PASSWORD,
  newAddress,
  PASSWORD,
  signIn,
  typeCode,
} from '../journeys/visitor.ts'
import { codeIn, linkIn, type MailboxMessage, newestMail } from '../mailbox.ts'

export type Purpose = 'sign-up' | 'sign-in' | 'reset'

/** A person in their own browser, who has asked for a mail and got it. */
export interface Invited {
  purpose: Purpose
  page: Page
  email: string
  mail: MailboxMessage
}

export async function invite(browser: Browser, purpose: Purpose): Promise<Invited> {
  const page = await anotherBrowser(browser)
  const email = newAddress()
  await send(page, '/auth/signup', { email, password: PASSWORD })
  const first = await newestMail(email)
  if (purpose === 'sign-up') return { purpose, page, email, mail: first }
  await send(page, '/auth/verify', { ...challengeOf(first), token: codeIn(first) })
  await send(page, '/auth/signout', {})
  await send(page, purpose === 'sign-in' ? '/auth/signin/request' : '/auth/password/reset/request', { email })
  return { purpose, page, email, mail: await newestMail(email, { after: first }) }
}

export async function getsInByCode({ purpose, page, email, mail }: Invited) {
  if (purpose === 'reset') {
    await page.goto('/reset/new')
    await page.getByLabel('Eight-digit code').fill(codeIn(mail))
    return getsInByNewPassword(page, email)
  }
  await page.goto('/verify')
  await typeCode(page, mail, purpose === 'sign-up' ? undefined : 'Sign in')
  await expectSignedIn(page, email)
}

export async function getsInByLink({ purpose, page, email, mail }: Invited) {
  await page.goto(linkIn(mail))
  if (purpose !== 'reset') return expectSignedIn(page, email)
  await expect(page.getByLabel('Account')).toBeVisible()
  await getsInByNewPassword(page, email)
}

/** Where a sign-in link has been confirmed elsewhere: the code of the same mail is good, and good once. */
export async function getsInByCodeAlone(invited: Invited) {
  const { page, mail } = invited
  await page.goto(linkIn(mail))
  await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible()
  await expectSignedOut(page)
  await getsInByCode(invited)
  const again = await page.request.post('/auth/verify', { data: { ...challengeOf(mail), token: codeIn(mail) } })
  expect(again.status()).toBe(400)
}

async function getsInByNewPassword(page: Page, email: string) {
  await page.getByLabel('New password').fill(NEW_PASSWORD)
  await page.getByRole('button', { name: 'Change password' }).click()
  await expect(page).toHaveURL(/\/signin/u)
  await expectSignedOut(page)
  await signIn(page, email, NEW_PASSWORD)
  await expectSignedIn(page, email)
}

async function send(page: Page, path: string, data: object) {
  const answer = await page.request.post(path, { data })
  expect(answer.ok(), `${path} answered ${answer.status()}`).toBe(true)
}

const challengeOf = (mail: MailboxMessage) => ({
  challengeId: new URLSearchParams(new URL(linkIn(mail)).hash.slice(1)).get('c') ?? '',
})
