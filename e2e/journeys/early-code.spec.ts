import { expect, type Page, test } from 'playwright/test'
import { codeIn, type MailboxMessage } from '../mailbox.ts'
import { anotherBrowser, askForAccount, expectSignedIn, newAddress } from './visitor.ts'

// A code that was there before the scripts were: pasted at once, or on a slow line. No other key will be pressed.

const SCRIPTS = '**/_next/static/**/*.js'

/** Asks for an account, and comes back to its screen while scripts wait. Gives what lets them go. */
async function waitAtVerify(page: Page, email: string): Promise<{ mail: MailboxMessage; release(): void }> {
  const mail = await askForAccount(page, email)
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  await page.route(SCRIPTS, async (route) => {
    await released
    await route.continue()
  })
  await page.goto('/verify', { waitUntil: 'commit' })
  return { mail, release }
}

test('a whole code that was typed before the scripts came is sent when they come', async ({ browser }) => {
  const [page, email] = [await anotherBrowser(browser), newAddress()]
  const { mail, release } = await waitAtVerify(page, email)
  await page.getByLabel('Six-digit code').fill(codeIn(mail))
  release()
  await expectSignedIn(page, email)
})

test('half a code is not, and waits for its other half', async ({ browser }) => {
  const [page, email] = [await anotherBrowser(browser), newAddress()]
  const { mail, release } = await waitAtVerify(page, email)
  const field = page.getByLabel('Six-digit code')
  await field.fill(codeIn(mail).slice(0, 3))
  release()
  await expect(page.locator('form').first()).toHaveAttribute('novalidate', '')
  await field.press('End')
  await field.pressSequentially(codeIn(mail).slice(3))
  await expectSignedIn(page, email)
})

test('what a browser puts back into the field of a page that is loaded again is not sent: it would cost a try', async ({
  browser,
}) => {
  const page = await anotherBrowser(browser)
  await askForAccount(page, newAddress())
  // As a browser does it: before any script of the page.
  await page.addInitScript(() =>
    addEventListener('DOMContentLoaded', () =>
      document.querySelector('input[name=token]')?.setAttribute('value', '000000'),
    ),
  )
  const sent: string[] = []
  page.on('request', (request) => void (request.method() === 'POST' && sent.push(request.url())))
  await page.reload()
  await expect(page.locator('form').first()).toHaveAttribute('novalidate', '')
  await page.waitForLoadState('networkidle')
  await expect(page.getByLabel('Six-digit code')).toHaveValue('000000')
  expect(sent).toEqual([])
})
