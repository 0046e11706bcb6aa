import { expect, type Page, test } from 'playwright/test'
import { ask } from '../ask.ts'
import { anotherBrowser, newAddress, openLink, PASSWORD } from '../journeys/visitor.ts'
import { newestMail } from '../mailbox.ts'

// Whatever a visitor or an operator can put into a page, put there as script, stored and looked at in a browser.

const APP = process.env.E2E_ORIGIN ?? ''

/** Each is for another place: text, attribute, script, JSON in a script, style, address, template, entity. */
const CORPUS = [
  '<script>taken(1)</script>',
  '"><script>taken(1)</script>',
  '\'"><img src=x onerror=taken(1)>',
  '<svg/onload=taken(1)>',
  '</script><script>taken(1)</script>',
  '</title><script>taken(1)</script>',
  '</textarea><script>taken(1)</script>',
  '--><script>taken(1)</script>',
  ']]><script>taken(1)</script>',
  '" autofocus onfocus=taken(1) x="',
  '`;taken(1);`',
  '\\");taken(1);//',
  '\u2028taken(1)\u2029',
  '{{taken(1)}}#{taken(1)}',
  'javascript:taken(1)',
  '<a href="javascript:taken(1)">x</a>',
  '<iframe srcdoc="<script>parent.taken(1)</script>">',
  '<math><mtext><script>taken(1)</script></mtext></math>',
  '<style>@import "data:text/css,x"</style>',
  '<base href="https://evil.example/">',
  '&lt;script&gt;taken(1)&lt;/script&gt;',
  '%3Cscript%3Etaken(1)%3C/script%3E',
  '<scr\u0000ipt>taken(1)</scr\u0000ipt>',
  '\ufeff<script>taken(1)</script>',
  '<details open ontoggle=taken(1)>',
  '<form action=https://evil.example><button>',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  '<object data="data:text/html,<script>parent.taken(1)</script>">',
]

/** A page on which script of the corpus would leave a trace, and what it has left. */
async function watched(page: Page): Promise<() => Promise<unknown[]>> {
  const seen: string[] = []
  await page.exposeFunction('taken', () => seen.push(`ran on ${page.url()}`))
  page.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  // A refusal of the policy would mean that markup was made of text: the escaping is what is looked at here.
  page.on('console', (message) => message.text().includes('Content Security Policy') && seen.push(message.text()))
  page.on('request', (request) => new URL(request.url()).hostname === 'localhost' || seen.push(request.url()))
  const ELEMENTS =
    'main img, main svg[onload], main iframe:not([title^="Email: "]), main object, main details, main math, main style, base, meta[http-equiv]'
  return async () => [
    ...seen,
    ...(await page.locator(ELEMENTS).evaluateAll((all) => all.map((each) => each.outerHTML))),
  ]
}

const inCookie = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A cookie that our own screens read, as a sibling port of this host could plant it. */
async function plant(page: Page, name: string, value: string) {
  // Playwright takes a secure cookie for an encrypted address alone; Chromium then sends it to localhost all the same.
  const url = APP.replace('http:', 'https:')
  const cookie = { name, value, url, secure: true, httpOnly: true }
  await page.context().addCookies([{ ...cookie, sameSite: 'Lax' }])
}

test('typed as an address and a password, without JavaScript, it comes back as text', async ({ browser }) => {
  test.setTimeout(120_000)
  const page = await anotherBrowser(browser, { javaScriptEnabled: false })
  for (const script of CORPUS) {
    await page.goto('/signup')
    await page.getByLabel('Email address').evaluate((field) => field.setAttribute('type', 'text'))
    await page.getByLabel('Email address').fill(script)
    await page.getByLabel('Password', { exact: true }).fill(script)
    await page.getByRole('button', { name: 'Create account' }).click()
    await expect(page.getByText('Enter an email address').first(), script).toBeVisible()
    expect(await page.locator('main img, main iframe, main object, main script, base').count(), script).toBe(0)
  }
})

test('in every cookie that a screen reads, it is shown as text', async ({ page }) => {
  test.setTimeout(120_000)
  const left = await watched(page)
  for (const text of CORPUS) {
    const failure = { kind: 'failure', code: text, message: text, email: text }
    await plant(
      page,
      '__Host-pending',
      inCookie({ purpose: 'verify', challengeId: text, email: text, sentAt: 1, resendAt: 1, next: text }),
    )
    await plant(
      page,
      '__Host-flash',
      inCookie({ ...failure, screen: '/verify', errors: [{ field: 'token', code: text, message: text }] }),
    )
    await page.goto('/verify')
    await expect(page.getByRole('heading', { name: 'Check your email' }), text).toBeVisible()
    await plant(page, '__Host-flash', inCookie({ ...failure, screen: '/signin' }))
    await page.goto(`/signin?next=${encodeURIComponent(text)}&error=${encodeURIComponent(text)}`)
    await expect(page.getByRole('button', { name: 'Sign in', exact: true }), text).toBeVisible()
    expect(await left(), text).toEqual([])
  }
  await expect(page.getByLabel('Email address').first()).toHaveValue(/evil|script/u)
})

test('as a browser’s name it is stored, and shown neither in the mail nor to whoever opens the link', async ({
  page,
}) => {
  test.setTimeout(120_000)
  const left = await watched(page)
  for (const text of CORPUS) {
    const email = newAddress()
    const headers = {
      'content-type': 'application/json',
      'user-agent': `${text.replace(/[^ -~]/gu, '')} Firefox/140.0`,
    }
    const body = JSON.stringify({ email, password: PASSWORD })
    expect((await ask(APP, '/auth/signup', headers, { method: 'POST', body })).status, text).toBe(202)
    const mail = await newestMail(email)
    expect(mail.html, text).not.toMatch(/taken|evil\.example/u)
    // From elsewhere: between two links, only what stands behind the # would change.
    await page.goto('about:blank')
    await openLink(page, mail)
    await expect(page.getByRole('button', { name: 'This wasn’t me' }), text).toBeVisible()
    expect(await left(), text).toEqual([])
  }
})
