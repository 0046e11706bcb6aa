import { expect, test } from 'playwright/test'
import { PAGE_PATHS } from '../addresses.ts'
import { expectSignedOut, signOut, signUp } from './visitor.ts'

test('every page that shows the account has a button to sign out', async ({ page }) => {
  const email = await signUp(page)
  const showing = new Set<string>()
  for (const path of PAGE_PATHS) {
    // The embedded mailbox shows everybody's mail to whoever opens it; it is there without real mail alone.
    if (path === '/mailbox') continue
    await page.goto(path)
    await page.waitForLoadState('networkidle')
    if ((await page.getByRole('main').getByText(email).count()) === 0) continue
    // Signing in and up send on whoever is signed in already.
    showing.add(new URL(page.url()).pathname)
    await expect(page.getByRole('button', { name: 'Sign out', exact: true }), path).toBeVisible()
  }
  expect([...showing].toSorted()).toEqual(['/', '/account', '/account/password', '/account/sessions', '/magic-link'])
})

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('after signing out nothing of the account is left in the browser, also by going back', async ({ page }) => {
      const email = await signUp(page)
      await page.goto('/')
      await expect(page.getByText(email)).toBeVisible()
      await signOut(page)
      for (let steps = 0; steps < 3; steps += 1) {
        await page.goBack()
        await expect(page.getByRole('main')).toBeVisible()
        expect(await page.content(), page.url()).not.toContain(email)
      }
      await expectSignedOut(page)
      expect((await page.context().cookies()).map(({ name }) => name)).not.toContain('__Host-session')
      const state = await page.context().storageState({ indexedDB: true })
      expect(state.origins).toEqual([])
    })
  })
}
