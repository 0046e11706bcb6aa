import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from 'playwright/test'
import { withoutTable } from '../../test/lost-table.ts'
import { ask } from '../ask.ts'
import { type RunningServer, startServer } from '../start-server.ts'
import { expectAccessible } from './axe.ts'
import { anotherBrowser, askForAccount, newAddress, openLink, signUp } from './visitor.ts'

// Something breaks while a page is made, or while it runs: what the visitor reads then.

const BROKEN = ['/account', '/', '/magic-link']

test.describe('on the server', () => {
  // In one worker: each would start a server of its own.
  test.describe.configure({ mode: 'default' })
  let folder: string
  let server: RunningServer
  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vestibule-broken-'))
    server = await startServer({ DATA_DIR: folder, SITE_NAME: "Ann & Co's" })
  })
  test.afterAll(async () => {
    await server.stop(BROKEN.map((path) => `GET ${path} 500`))
    rmSync(folder, { recursive: true, force: true })
  })

  /** While a table that every page needs is not there. */
  const whileBroken = (work: () => Promise<void>) => withoutTable(join(folder, 'vestibule.db'), 'sessions', work)

  for (const javaScriptEnabled of [true, false]) {
    test(`${javaScriptEnabled ? 'with' : 'without'} JavaScript: said in plain words, and mended by trying again`, async ({
      browser,
    }) => {
      const page = await anotherBrowser(browser, { baseURL: server.origin, javaScriptEnabled })
      const email = await signUp(page, newAddress(), server.origin)
      await whileBroken(async () => {
        for (const path of BROKEN) {
          expect((await page.goto(path))?.status()).toBe(500)
          await expect(page.getByRole('heading', { level: 1 })).toHaveText('Something went wrong')
          await expect(page).toHaveTitle("Something went wrong · Ann & Co's")
          await expect(page.locator('html')).toHaveAttribute('lang', 'en')
          await expect(page.getByText('Nothing is lost')).toBeVisible()
        }
        // Where no script runs, axe does not either; the page is the same.
        if (javaScriptEnabled) await expectAccessible(page, 'the page of an error')
        await page.goto('/account')
      })
      await page.getByRole('link', { name: 'Try again' }).click()
      await expect(page.getByText(email)).toBeVisible()
      await expect(page).toHaveURL('/account')
    })
  }

  test('its number is that of the log, its policy lets nothing run, and what a form left is kept', async () => {
    const cookie = `__Host-session=${'A'.repeat(43)}; __Host-flash=x`
    await whileBroken(async () => {
      for (const encoding of ['gzip', 'identity']) {
        const { headers, text } = await ask(server.origin, '/account', { cookie, 'accept-encoding': encoding })
        const number = /<code>([\w-]{22})<\/code>/u.exec(text)?.[1]
        expect(number).toBeDefined()
        await expect.poll(() => server.log()).toContain(`"status":500,"ms":`)
        await expect.poll(() => server.log()).toContain(`"requestId":"${number}"`)
        expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'nonce-[\w-]{22}';/u)
        expect(headers['content-security-policy']).not.toMatch(/script|unsafe/u)
        expect(headers['cache-control']).toBe('no-store')
        expect(headers['set-cookie']).toBeUndefined()
        expect(headers['content-encoding']).toBeUndefined()
        expect(Number(headers['content-length'])).toBe(Buffer.byteLength(text))
      }
    })
  })
})

test('in the browser: said alike, and the title says it too', async ({ page, browser }) => {
  const mail = await askForAccount(await anotherBrowser(browser), newAddress())
  await page.addInitScript(() => {
    const real = Date.prototype.toLocaleTimeString
    Object.assign(globalThis, {
      mend: () => {
        Date.prototype.toLocaleTimeString = real
      },
    })
    Date.prototype.toLocaleTimeString = () => {
      throw new Error('No time.')
    }
  })
  await openLink(page, mail)
  await expectBroken(page)
  await expectAccessible(page, 'an error in the browser')
  // As Next does where the title of the page comes after its content.
  await page.evaluate(() => {
    document.title = 'Your link, late'
  })
  await expect(page).toHaveTitle(/^Something went wrong/u)
  await page.evaluate(() => (globalThis as unknown as { mend: () => void }).mend())
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Confirm/u)
  await expect(page).toHaveTitle(/^Your link/u)
})

async function expectBroken(page: Page) {
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Something went wrong')
  await expect(page.getByText('Nothing is lost')).toBeVisible()
  await expect(page).toHaveTitle(/^Something went wrong/u)
}
