import { expect, type Page, test } from 'playwright/test'
import { type ClockedServer, startClockedServer } from '../clocked-server.ts'
import { linkIn, type MailboxMessage, newestMail } from '../mailbox.ts'
import {
  anotherBrowser,
  askForAccount,
  askForLink,
  askForReset,
  newAddress,
  openLink,
  signOut,
  signUp,
} from './visitor.ts'

const HOUR = 3_600_000

async function expectDead(page: Page) {
  await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible()
  await expect(page).not.toHaveURL(/#/u)
}

test('a used link says so, in the browser that used it and in another one', async ({ page, browser }) => {
  const email = newAddress()
  const mail = await askForAccount(page, email)
  await openLink(page, mail)
  await expect(page).toHaveURL('/account')
  await openLink(page, mail)
  await expectDead(page)
  await expect(page.getByText(`You are signed in as ${email}`)).toBeVisible()
  await page.getByRole('link', { name: 'Go to your account' }).click()
  await expect(page).toHaveURL('/account')
  const other = await anotherBrowser(browser)
  await openLink(other, mail)
  await expectDead(other)
  await other.getByRole('link', { name: 'Sign in, or ask for a new link' }).click()
  await expect(other).toHaveURL('/signin')
})

test('a link that lost a part, or was made up, says so', async ({ page }) => {
  for (const fragment of ['', '#c=abc', `#c=${'A'.repeat(22)}&t=${'B'.repeat(43)}`, '#c=%00&t=%ff']) {
    await page.goto('/')
    await page.goto(`/magic-link${fragment}`)
    await expectDead(page)
  }
})

test.describe('later', () => {
  // In one worker: each would start the server and make the journeys anew.
  test.describe.configure({ mode: 'default' })
  let server: ClockedServer
  const mails: Record<string, MailboxMessage> = {}

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(90_000)
    server = await startClockedServer()
    const { origin } = server
    const [unconfirmed, confirmed] = [newAddress(), newAddress()]
    mails.signup = await askForAccount(await anotherBrowser(browser, { baseURL: origin }), unconfirmed, origin)
    const page = await anotherBrowser(browser, { baseURL: origin })
    await signUp(page, confirmed, origin)
    const first = await newestMail(confirmed, { origin })
    mails.reset = await askForReset(page, confirmed, first, origin)
    await signOut(page)
    mails.signin = await askForLink(page, confirmed, mails.reset, origin)
    server.setAhead(25 * HOUR)
  })
  test.afterAll(async () => {
    await server.stop()
  })

  for (const name of ['signup', 'signin', 'reset']) {
    test(`an expired ${name} link says so and offers the way on`, async ({ page }) => {
      await page.goto(linkIn(mails[name] as MailboxMessage))
      await expectDead(page)
      const wayOn = name === 'reset' ? 'Send a new one' : 'Sign in, or ask for a new link'
      await page.getByRole('link', { name: wayOn }).click()
      await expect(page).toHaveURL(name === 'reset' ? /\/reset$/u : /\/signin$/u)
    })
  }
})
