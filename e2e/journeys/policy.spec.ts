import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { expect, type Page, test } from 'playwright/test'
import { startServer } from '../start-server.ts'
import { askForAccount, newAddress, signUp } from './visitor.ts'

const PAGES = ['/', '/signup', '/signin', '/verify', '/magic-link', '/reset', '/reset/new', '/mailbox', '/nowhere']

const nonceOf = (policy: string | undefined) => /'nonce-([^']+)'/u.exec(policy ?? '')?.[1]

for (const path of PAGES) {
  test(`${path} has the strict policy, with a nonce of its own each time`, async ({ request }) => {
    const answers = [await request.get(path), await request.get(path)]
    const nonces = answers.map((answer) => nonceOf(answer.headers()['content-security-policy']))
    expect(new Set(nonces).size).toBe(2)
    for (const [index, answer] of answers.entries()) {
      const headers = answer.headers()
      expect(headers['content-security-policy']).toBe(
        `default-src 'none'; script-src 'nonce-${nonces[index]}' 'strict-dynamic'; style-src 'self' 'nonce-${nonces[index]}'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'`,
      )
      expect(Buffer.from(nonces[index] ?? '', 'base64')).toHaveLength(16)
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
        'cache-control': expect.stringContaining('no-store'),
      })
      expect(headers['strict-transport-security']).toBeUndefined()
      const scripts = (await answer.text()).match(/<script\b[^>]*>/gu) ?? []
      expect(scripts.length).toBeGreaterThan(0)
      for (const script of scripts) expect(script).toContain(`nonce="${nonces[index]}"`)
    }
  })
}

test('a nonce or a policy sent by the client is not believed', async ({ request }) => {
  const sent = `'nonce-Y2hvc2VuIGJ5IGF0dGFja2Vy'`
  const answer = await request.get('/signin', {
    headers: { 'content-security-policy': `script-src ${sent}"><script>`, 'x-nonce': 'Y2hvc2VuIGJ5IGF0dGFja2Vy' },
  })
  expect(answer.headers()['content-security-policy']).not.toContain(sent)
  expect(await answer.text()).not.toContain('Y2hvc2VuIGJ5IGF0dGFja2Vy')
})

test('what the policy keeps browsers from is reported where the operator says, and nowhere else', async ({
  request,
}) => {
  const collector = 'https://reports.example.com/csp'
  const server = await startServer({ CSP_REPORT_URI: collector })
  const headers = (await fetch(`${server.origin}/signin`)).headers
  await server.stop()
  expect(headers.get('reporting-endpoints')).toBe(`csp="${collector}"`)
  expect(headers.get('content-security-policy')).toMatch(
    /; frame-ancestors 'none'; report-uri https:\/\/reports\.example\.com\/csp; report-to csp$/u,
  )
  expect((await request.get('/signin')).headers()['reporting-endpoints']).toBeUndefined()
})

test('pages are only read, and a method that nobody knows is refused', async ({ request, baseURL }) => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const answer = await request.fetch('/signin', { method, headers: { 'next-action': 'x' } })
    expect([method, answer.status(), answer.headers().allow]).toEqual([method, 405, 'GET, HEAD'])
  }
  for (const path of ['/', '/auth/signin', '/_next/static/x']) {
    const trace = httpRequest(new URL(path, baseURL), { method: 'TRACE' }).end()
    const [answer] = (await once(trace, 'response')) as [IncomingMessage]
    answer.resume()
    expect(answer.statusCode).toBe(405)
  }
})

test('behind TLS the browser is told to stay there', async ({ request }) => {
  const server = await startServer({
    APP_ORIGIN: 'https://id.example.com',
    TRUSTED_PROXY_HOPS: '1',
    MAIL_URL: 'smtp://localhost:2525',
    MAIL_FROM: 'Vestibule <no-reply@example.com>',
    LIMIT_SCALE: '1',
  })
  const answer = await request.get(`${server.origin}/signin`)
  const api = await request.get(`${server.origin}/health`)
  await server.stop()
  expect(answer.headers()['strict-transport-security']).toBe('max-age=63072000; includeSubDomains')
  expect(api.headers()['strict-transport-security']).toBe('max-age=63072000; includeSubDomains')
})

/** What the browser itself refused, and what it complained of. */
function watch(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
  return complaints
}

test('no screen breaks its own policy or complains, and nothing comes from elsewhere', async ({ page, baseURL }) => {
  const complaints = watch(page)
  const elsewhere: string[] = []
  page.on('request', (request) => request.url().startsWith(baseURL ?? '') || elsewhere.push(request.url()))
  await askForAccount(page, newAddress())
  for (const path of PAGES.filter((path) => path !== '/nowhere')) {
    await page.goto(path)
    await page.waitForLoadState('networkidle')
  }
  await signUp(page)
  for (const path of ['/account/password', '/account/sessions']) {
    await page.goto(path)
    await page.waitForLoadState('networkidle')
  }
  expect(complaints).toEqual([])
  expect(elsewhere).toEqual([])
})

test('an error is shown once: reloading the screen clears it', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: baseURL ?? '' })
  const page = await context.newPage()
  await page.goto('/signin')
  await page.getByLabel('Email address').first().fill('ann@example.com')
  await page.getByLabel('Password', { exact: true }).fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toContainText('Email or password is wrong.')
  await page.goto('/signin')
  await expect(page.getByRole('alert')).toHaveCount(0)
  expect((await context.cookies()).map(({ name }) => name)).not.toContain('__Host-flash')
})

test('password managers find their way, and what is not there is not found', async ({ request }) => {
  const found = await request.get('/.well-known/change-password', { maxRedirects: 0 })
  expect(found.status()).toBe(303)
  expect(found.headers().location).toBe('/reset')
  for (const path of ['/.well-known/resource-that-should-not-exist', '/nowhere', '/auth/nowhere', '/magic-link/x']) {
    expect((await request.get(path)).status(), path).toBe(404)
  }
})

test('robots are told to stay outside', async ({ request }) => {
  const answer = await request.get('/robots.txt')
  expect(await answer.text()).toMatch(/User-Agent: \*\nAllow: \/\$\nDisallow: \/\n/u)
})

test('each screen has a title of its own, and the mark', async ({ page }) => {
  const titles = new Set<string>()
  for (const path of PAGES) {
    await page.goto(path)
    titles.add(await page.title())
    await expect(page.getByRole('banner').getByRole('link', { name: 'Vestibule' })).toBeVisible()
  }
  expect(titles.size).toBe(PAGES.length)
  const icon = await page.request.get((await page.locator('link[rel="icon"]').getAttribute('href')) ?? '')
  expect(icon.headers()['content-type']).toBe('image/svg+xml')
})
