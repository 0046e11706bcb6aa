import { expect, test } from 'playwright/test'
import { startServer } from '../start-server.ts'
import { expectAlert, newAddress, PASSWORD, signIn } from './visitor.ts'

// What a form does between the press and the answer, and when no answer comes.

test('the button shows that it works, keeps the focus, and a second press sends nothing', async ({ page }) => {
  let sent = 0
  const answer = Promise.withResolvers<void>()
  await page.route('**/auth/signup', async (route) => {
    sent += 1
    await answer.promise
    await route.continue()
  })
  await page.goto('/signup')
  await page.getByLabel('Email address').fill(newAddress())
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  const button = page.getByRole('button', { name: 'Create account' })
  await button.click()
  await expect(button).toHaveAttribute('aria-busy', 'true')
  await expect(button).toBeFocused()
  await page.keyboard.press('Enter')
  await page.getByLabel('Password', { exact: true }).press('Enter')
  answer.resolve()
  await expect(page).toHaveURL('/verify')
  expect(sent).toBe(1)
})

test('without an answer the form says so and keeps what was typed', async ({ page }) => {
  const email = newAddress()
  await page.goto('/signup')
  await page.route('**/auth/signup', (route) => route.abort('internetdisconnected'))
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expectAlert(page, 'There was no answer. Check your connection')
  await expect(page.getByLabel('Email address')).toHaveValue(email)
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue(PASSWORD)
  await page.unroute('**/auth/signup')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page).toHaveURL('/verify')
})

test('an answer that is not ours is not shown', async ({ page }) => {
  await page.goto('/reset')
  await page.route('**/auth/password/reset/request', (route) => route.fulfill({ status: 502, json: { evil: 'words' } }))
  await page.getByLabel('Email address').fill(newAddress())
  await page.getByRole('button', { name: 'Email me a reset link' }).click()
  await expectAlert(page, 'Something went wrong on our side.')
})

test('what was typed before the page came alive is kept', async ({ page }) => {
  const alive = Promise.withResolvers<void>()
  await page.route('**/_next/static/**/*.js', async (route) => {
    await alive.promise
    await route.continue()
  })
  await page.goto('/signup', { waitUntil: 'commit' })
  const email = newAddress()
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  alive.resolve()
  await expect(page.locator('form')).toHaveAttribute('novalidate', '')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page).toHaveURL('/verify')
  await expect(page.getByText(email).first()).toBeVisible()
})

test('a mistake goes away as soon as it is mended', async ({ page }) => {
  await page.goto('/signup')
  await page.getByRole('button', { name: 'Create account' }).click()
  const email = page.getByLabel('Email address')
  await expect(email).toBeFocused()
  await expect(email).toHaveAccessibleDescription('Enter your email address.')
  await email.pressSequentially('ann@example.com')
  await expect(email).not.toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('aria-invalid', 'true')
})

test('where the check of a form does not load, the server alone says what is wrong', async ({ page }) => {
  await page.goto('/signup')
  await page.waitForLoadState('networkidle')
  await page.route('**/_next/static/**', (route) => route.abort())
  await page.getByRole('button', { name: 'Create account' }).click()
  await expectAlert(page, 'email')
  const email = newAddress()
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.unroute('**/_next/static/**')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page).toHaveURL('/verify')
  await expect(page.getByText(email).first()).toBeVisible()
})

test('too many tries: the form says how long to wait', async ({ browser }) => {
  const server = await startServer({ LIMIT_SCALE: '1' })
  const page = await browser.newPage({ baseURL: server.origin })
  const nobody = newAddress('nobody')
  for (let tries = 0; tries < 6; tries += 1) {
    await page.request.post('/auth/signin', { data: { email: nobody, password: `wrong ${tries}` } })
  }
  await signIn(page, nobody, 'wrong again')
  await expectAlert(page, /Try again in \d+ (?:second|minute)/u)
  await page.close()
  await server.stop()
})
