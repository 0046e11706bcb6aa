import { expect, test } from 'playwright/test'
import { codeIn, newestMail } from '../mailbox.ts'
import {
  anotherBrowser,
  askForAccount,
  askForLink,
  askForReset,
  expectAlert,
  expectSignedIn,
  expectSignedOut,
  fillSignup,
  haveAccount,
  NEW_PASSWORD,
  newAddress,
  PASSWORD,
  signIn,
  signOut,
  signUp,
  typeCode,
} from './visitor.ts'

// Every journey that needs no link, in a browser that runs scripts and in one that does not.

const wrong = (code: string) => code.replace(/\d$/u, (digit) => String((Number(digit) + 1) % 10))

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('sign up by code, sign out, sign in by password', async ({ page }) => {
      const email = await signUp(page)
      await signOut(page)
      await expectSignedOut(page)
      await signIn(page, email)
      await expectSignedIn(page, email)
    })

    test('a wrong code is said, and the right one still works', async ({ page }) => {
      const email = newAddress()
      const mail = await askForAccount(page, email)
      await expect(page.getByText(email).first()).toBeVisible()
      await typeCode(page, wrong(codeIn(mail)))
      await expect(page.getByText('This code or link is wrong')).toBeVisible()
      await typeCode(page, codeIn(mail).replace(/^(\d{3})/u, '$1 '))
      await expectSignedIn(page, email)
    })

    test('a mistake at sign-up is said under its field, and the address stays', async ({ page }) => {
      const email = newAddress()
      await fillSignup(page, email, 'password')
      const password = page.getByLabel('Password', { exact: true })
      await expect(password).toHaveAttribute('aria-invalid', 'true')
      await expect(password).toHaveAccessibleDescription(/Too many people use this password/u)
      await expect(page.getByLabel('Email address')).toHaveValue(email)
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Create account' }).click()
      await expect(page).toHaveURL('/verify')
    })

    test('a mistyped address is corrected without starting over', async ({ page }) => {
      const mistyped = newAddress('anm')
      await askForAccount(page, mistyped)
      await page.getByRole('link', { name: 'Wrong address?' }).click()
      await expect(page.getByLabel('Email address')).toHaveValue(mistyped)
      await signUp(page)
    })

    test('a new code can be asked for, and it works', async ({ page }) => {
      const email = newAddress()
      await page.clock.install()
      const first = await askForAccount(page, email)
      // It counts once the page has come to life.
      const waiting = String(javaScriptEnabled)
      await expect(page.getByRole('button', { name: /^Send a new code/u })).toHaveAttribute('aria-disabled', waiting)
      await page.clock.fastForward('01:00')
      const again = page.getByRole('button', { name: /^Send a new code$/u })
      await expect(again).toHaveAttribute('aria-disabled', 'false')
      // The page's clock moved on; the server's gap, 60 s over LIMIT_SCALE, takes its real time.
      await page.waitForTimeout(1000)
      await again.click()
      await expect(page.getByRole('status').filter({ hasText: 'new' })).toBeVisible()
      await typeCode(page, await newestMail(email, { after: first }))
      await expectSignedIn(page, email)
    })

    test('wrong password: said, the address stays, nothing tells whether it is known', async ({ page, browser }) => {
      const email = await haveAccount(await anotherBrowser(browser, { javaScriptEnabled }))
      for (const address of [email, newAddress('nobody')]) {
        await signIn(page, address, 'not the password')
        await expectAlert(page, 'Email or password is wrong.')
        await expect(page.getByLabel('Email address').first()).toHaveValue(address)
        await expectSignedOut(page)
      }
    })

    test('signing in before the address is confirmed leads to the code', async ({ page }) => {
      const email = newAddress()
      const mail = await askForAccount(page, email)
      await signIn(page, email)
      await expect(page).toHaveURL(/\/verify/u)
      await typeCode(page, mail)
      await expectSignedIn(page, email)
    })

    test('sign in without a password, by code', async ({ page }) => {
      const email = await haveAccount(page)
      const first = await newestMail(email)
      await signOut(page)
      await typeCode(page, await askForLink(page, email, first), 'Sign in')
      await expectSignedIn(page, email)
    })

    test('reset by code: nobody is signed in, the old password and the old sessions are dead', async ({
      page,
      browser,
    }) => {
      const old = await anotherBrowser(browser, { javaScriptEnabled })
      const email = await haveAccount(old)
      const mail = await askForReset(page, email, await newestMail(email))
      await page.getByLabel('Eight-digit code').fill(codeIn(mail))
      await page.getByLabel('New password').fill(NEW_PASSWORD)
      await page.getByRole('button', { name: 'Change password' }).click()
      await expect(page).toHaveURL(/\/signin/u)
      await expect(page.getByRole('status').filter({ hasText: 'Your password is changed' })).toBeVisible()
      await expectSignedOut(page)
      await expectSignedOut(old)
      await signIn(page, email, PASSWORD)
      await expectAlert(page, 'Email or password is wrong.')
      await signIn(page, email, NEW_PASSWORD)
      await expectSignedIn(page, email)
    })

    test('a reset by a wrong code says so and changes nothing', async ({ page }) => {
      const email = await haveAccount(page)
      const mail = await askForReset(page, email, await newestMail(email))
      await page.getByLabel('Eight-digit code').fill(wrong(codeIn(mail)))
      await page.getByLabel('New password').fill(NEW_PASSWORD)
      await page.getByRole('button', { name: 'Change password' }).click()
      await expect(page.getByText('This code or link is wrong')).toBeVisible()
      await page.goto('/account')
      await expectSignedIn(page, email)
    })

    test('sign out everywhere ends the sessions of other browsers', async ({ page, browser }) => {
      const email = await haveAccount(page)
      const other = await anotherBrowser(browser, { javaScriptEnabled })
      await signIn(other, email)
      await expectSignedIn(other, email)
      await page.goto('/account')
      await page.getByRole('button', { name: 'Sign out everywhere' }).click()
      await expect(page.getByRole('status').filter({ hasText: 'signed out on every device' })).toBeVisible()
      await other.goto('/account')
      await expect(other).toHaveURL('/signin?next=/account')
    })

    test('the account asks to sign in, and signing in leads back; signed in, the doors lead in', async ({ page }) => {
      const email = await haveAccount(page)
      await signOut(page)
      await page.goto('/account')
      await expect(page).toHaveURL('/signin?next=/account')
      await page.goto('/signin?next=%2F%3Ffrom%3Dhere')
      await page.getByLabel('Email address').first().fill(email)
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(page).toHaveURL('/?from=here')
      await expect(page.getByText(email)).toBeVisible()
      for (const door of ['/signin', '/signup']) {
        await page.goto(door)
        await expect(page).toHaveURL('/account')
      }
      await page.goto('/signin?next=https://evil.example')
      await expect(page).toHaveURL('/account')
    })

    test('"Keep me signed in" outlives the browser; without it the session ends with it', async ({ page, context }) => {
      const email = await haveAccount(page)
      const lifetime = async () => (await context.cookies()).find(({ name }) => name === '__Host-session')?.expires
      await signOut(page)
      await signIn(page, email)
      await expectSignedIn(page, email)
      expect(await lifetime()).toBe(-1)
      await signOut(page)
      await page.goto('/signin')
      await page.getByLabel('Keep me signed in').check()
      await page.getByLabel('Email address').first().fill(email)
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expectSignedIn(page, email)
      expect(await lifetime()).toBeGreaterThan(Date.now() / 1000 + 29 * 24 * 3600)
    })
  })
}
