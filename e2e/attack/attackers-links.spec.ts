import { expect, type Page, test } from 'playwright/test'
import { expectSignedIn, masked, signUp } from '../journeys/visitor.ts'
import { linkIn } from '../mailbox.ts'
import { startHostileSite } from './hostile-site.ts'
import { invite } from './invited.ts'

// Somebody signed in follows a link that somebody else's account was sent: to be signed in there without noticing.

/** By a page of another site, as it would be done. */
async function follow(page: Page, link: string) {
  const site = await startHostileSite()
  await page.goto(site.crossSite + site.put(`<a href="${link}">A prize</a>`))
  await page.getByText('A prize').click()
  await page.waitForURL((address) => address.pathname !== '/0')
  site.close()
}

for (const purpose of ['sign-in', 'sign-up'] as const) {
  test(`the ${purpose} link of an attacker replaces nobody by itself, and says whom it would`, async ({
    page,
    browser,
  }) => {
    const email = await signUp(page)
    const attacker = await invite(browser, purpose)
    await follow(page, linkIn(attacker.mail))
    await expect(page.getByText(`This browser is signed in as ${email}.`)).toBeVisible()
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    const session = await (await page.request.get('/auth/session')).json()
    expect(session.user.email).toBe(email)
    await page.goto('/account')
    await expectSignedIn(page, email)
  })
}

test('only the press of the button that names the account changes who is signed in', async ({ page, browser }) => {
  await signUp(page)
  const attacker = await invite(browser, 'sign-in')
  await follow(page, linkIn(attacker.mail))
  await page.getByRole('button', { name: `Sign in on this device as ${masked(attacker.email)}` }).click()
  await expectSignedIn(page, attacker.email)
})

test('the reset link of an attacker leaves the visitor signed in', async ({ page, browser }) => {
  const email = await signUp(page)
  const attacker = await invite(browser, 'reset')
  await follow(page, linkIn(attacker.mail))
  await expect(page.getByLabel('Account')).toHaveValue(masked(attacker.email))
  await page.goto('/account')
  await expectSignedIn(page, email)
})
