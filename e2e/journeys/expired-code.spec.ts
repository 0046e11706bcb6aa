import { type Browser, expect, type Page, test } from 'playwright/test'
import { type ClockedServer, startClockedServer } from '../clocked-server.ts'
import { codeIn, type MailboxMessage, newestMail } from '../mailbox.ts'
import { expectAccessible } from './axe.ts'
import {
  anotherBrowser,
  askForAccount,
  askForLink,
  askForReset,
  expectSignedIn,
  haveAccount,
  NEW_PASSWORD,
  newAddress,
  typeCode,
} from './visitor.ts'

// A code lives ten minutes. Whoever comes later, by a reload or by typing it, is one press away from a new one.

const MINUTE = 60_000
/** Longer than any code, shorter than any link but that of a sign-in. */
const LATER = 11 * MINUTE

// The clock is the server's, so one journey is made after the other.
test.describe.configure({ mode: 'default' })
let server: ClockedServer
let ahead = 0
test.beforeAll(async () => {
  server = await startClockedServer()
})
test.afterAll(async () => {
  await server.stop()
})

const letTheCodeExpire = () => {
  ahead += LATER
  server.setAhead(ahead)
}

interface Waiting {
  page: Page
  email: string
  mail: MailboxMessage
}

const PURPOSES = {
  'sign-up': {
    screen: '/verify',
    ask: async (page: Page): Promise<Waiting> => {
      const email = newAddress()
      return { page, email, mail: await askForAccount(page, email, server.origin) }
    },
    answer: (page: Page, mail: MailboxMessage) => typeCode(page, mail),
  },
  'sign-in': {
    screen: '/verify',
    ask: async (page: Page): Promise<Waiting> => {
      const email = await haveAccount(page, newAddress(), server.origin)
      await page.context().clearCookies()
      const first = await newestMail(email, { origin: server.origin })
      return { page, email, mail: await askForLink(page, email, first, server.origin) }
    },
    answer: (page: Page, mail: MailboxMessage) => typeCode(page, mail, 'Sign in'),
  },
  reset: {
    screen: '/reset/new',
    ask: async (page: Page): Promise<Waiting> => {
      const email = await haveAccount(page, newAddress(), server.origin)
      const first = await newestMail(email, { origin: server.origin })
      return { page, email, mail: await askForReset(page, email, first, server.origin) }
    },
    answer: async (page: Page, mail: MailboxMessage) => {
      await page.getByLabel('Eight-digit code').fill(codeIn(mail))
      await page.getByLabel('New password').fill(NEW_PASSWORD)
      await page.getByRole('button', { name: 'Change password' }).click()
    },
  },
}

for (const javaScriptEnabled of [true, false])
  for (const [purpose, { screen, ask, answer }] of Object.entries(PURPOSES)) {
    const how = javaScriptEnabled ? 'with' : 'without'
    const open = async (browser: Browser) => {
      const page = await anotherBrowser(browser, { baseURL: server.origin, javaScriptEnabled })
      await page.clock.install()
      return page
    }

    /** From the button to the end of the journey, by the code of the new mail. */
    async function goOn({ page, email, mail }: Waiting) {
      await page.getByRole('button', { name: /^Send a new code/u }).click()
      const newer = await newestMail(email, { after: mail, origin: server.origin })
      await expect(page.getByLabel(/digit code$/u)).toBeVisible()
      await answer(page, newer)
      if (purpose === 'reset') await expect(page).toHaveURL(/\/signin/u)
      else await expectSignedIn(page, email)
    }

    test(`${purpose}, ${how} JavaScript: reloaded when the code has expired`, async ({ browser }) => {
      const waiting = await ask(await open(browser))
      letTheCodeExpire()
      await waiting.page.reload()
      await expect(waiting.page.getByRole('heading', { level: 1 })).toHaveText('The code has expired')
      await expect(waiting.page.getByText(waiting.email).first()).toBeVisible()
      await expect(waiting.page.getByLabel(/digit code$/u)).toHaveCount(0)
      // The three are one card.
      if (purpose === 'sign-up' && javaScriptEnabled)
        await expectAccessible(waiting.page, '/verify with an expired code')
      await goOn(waiting)
    })

    test(`${purpose}, ${how} JavaScript: an expired code is typed`, async ({ browser }) => {
      const waiting = await ask(await open(browser))
      // Its clock moves on once the page has come to life.
      if (javaScriptEnabled) await expect(waiting.page.locator('form').first()).toHaveAttribute('novalidate', '')
      letTheCodeExpire()
      await waiting.page.clock.fastForward(LATER)
      await answer(waiting.page, waiting.mail)
      await expect(waiting.page).toHaveURL(screen)
      await expect(waiting.page.getByText('This code or link is wrong, has expired or was already used')).toBeVisible()
      await goOn(waiting)
    })
  }

test('the browser knows for an hour what it waits for, and a day for a sign-up', async ({ browser }) => {
  const lifetimes = { 'verify/request': 24 * 60, 'signin/request': 60, 'password/reset/request': 60 }
  const page = await anotherBrowser(browser, { baseURL: server.origin })
  for (const [door, minutes] of Object.entries(lifetimes)) {
    const asked = Date.now()
    expect((await page.request.post(`/auth/${door}`, { data: { email: newAddress() } })).status()).toBe(202)
    const cookie = (await page.context().cookies()).find(({ name }) => name === '__Host-pending')
    // A browser counts whole seconds.
    expect((cookie?.expires ?? 0) * 1000 - asked, door).toBeGreaterThan(minutes * MINUTE - 2000)
    expect((cookie?.expires ?? 0) * 1000 - Date.now(), door).toBeLessThan(minutes * MINUTE + 2000)
  }
})

test('the link of a reset still opens its form when the code has expired', async ({ browser }) => {
  const page = await anotherBrowser(browser, { baseURL: server.origin })
  const { mail } = await PURPOSES.reset.ask(page)
  letTheCodeExpire()
  await page.goto(/http\S+#\S+/u.exec(mail.text)?.[0] ?? '')
  await expect(page.getByLabel('Account')).toBeVisible()
  await expect(page.getByText('The code has expired')).toHaveCount(0)
})

for (const path of ['/verify', '/reset/new', '/magic-link'])
  test(`${path} shows what a form left without JavaScript, also when nothing is waited for`, async ({ browser }) => {
    const page = await anotherBrowser(browser, { baseURL: server.origin, javaScriptEnabled: false })
    const door = { '/verify': 'verify', '/reset/new': 'password/reset', '/magic-link': 'verify/preview' }[path]
    const form = {
      challengeId: 'A'.repeat(22),
      token: '12345678',
      ...(path === '/reset/new' && { password: NEW_PASSWORD }),
    }
    const answered = await page.request.post(`/auth/${door}`, { form, maxRedirects: 0 })
    expect([answered.status(), answered.headers().location]).toEqual([303, path])
    await page.goto(path)
    await expect(page.getByRole('alert').filter({ hasText: 'This code or link is wrong' })).toBeVisible()
  })
