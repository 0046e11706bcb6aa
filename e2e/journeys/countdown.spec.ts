import { expect, test } from 'playwright/test'
import { askForAccount, newAddress } from './visitor.ts'

test('"Send a new code" counts down, and after a minute without mail the screen says what to check', async ({
  page,
}) => {
  await page.clock.install()
  await askForAccount(page, newAddress())
  await page.clock.pauseAt(Date.now() + 10_000)
  const again = page.getByRole('button', { name: /^Send a new code/u })
  await expect(again).toHaveAttribute('aria-disabled', 'true')
  await expect(again).toHaveText(/in \d+ s$/u)
  await expect(page.getByText('Look in spam')).toBeHidden()
  await page.clock.runFor('01:00')
  await expect(again).toHaveText('Send a new code')
  await expect(again).toHaveAttribute('aria-disabled', 'false')
  await expect(page.getByText('Look in spam')).toBeVisible()
})
