import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from 'playwright/test'
import { linkIn, type MailboxMessage, newestMail } from '../mailbox.ts'
import { type RunningServer, startServer } from '../start-server.ts'
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
  // In one worker: each would start the servers and make the journeys anew.
  test.describe.configure({ mode: 'default' })
  let folder: string
  let later: RunningServer
  const mails: Record<string, MailboxMessage> = {}

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(90_000)
    folder = mkdtempSync(join(tmpdir(), 'vestibule-later-'))
    const today = await startServer({ DATA_DIR: folder })
    const visit = { baseURL: today.origin }
    const [unconfirmed, confirmed] = [newAddress(), newAddress()]
    mails.signup = await askForAccount(await anotherBrowser(browser, visit), unconfirmed, today.origin)
    const page = await anotherBrowser(browser, visit)
    await signUp(page, confirmed, today.origin)
    const origin = today.origin
    const first = await newestMail(confirmed, { origin })
    mails.reset = await askForReset(page, confirmed, first, origin)
    await signOut(page)
    mails.signin = await askForLink(page, confirmed, mails.reset, origin)
    await today.stop()
    later = await startServer({
      DATA_DIR: folder,
      NODE_OPTIONS: `--import=${new URL('../later.ts', import.meta.url).href}`,
      E2E_CLOCK_AHEAD_MS: String(25 * HOUR),
    })
  })
  test.afterAll(async () => {
    await later.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const linkLater = (mail: MailboxMessage | undefined) =>
    mail ? linkIn(mail).replace(/^https?:\/\/[^/]+/u, later.origin) : ''

  for (const name of ['signup', 'signin', 'reset']) {
    test(`an expired ${name} link says so and offers the way on`, async ({ page }) => {
      await page.goto(linkLater(mails[name]))
      await expectDead(page)
      const wayOn = name === 'reset' ? 'Send a new one' : 'Sign in, or ask for a new link'
      await page.getByRole('link', { name: wayOn }).click()
      await expect(page).toHaveURL(name === 'reset' ? /\/reset$/u : /\/signin$/u)
    })
  }
})
