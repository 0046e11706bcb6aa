import { expect, type Page, test } from 'playwright/test'
import { ROUTE_PATHS } from '../addresses.ts'
import { ask } from '../ask.ts'
import { form, type HostileSite, startHostileSite } from './hostile-site.ts'
import { type Scene, scene } from './victim.ts'

// A signed-in victim visits a page of somebody else's, in a real browser, with real cookies.

const APP = process.env.E2E_ORIGIN ?? ''
const ENCODINGS = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain']

let site: HostileSite
test.beforeAll(async () => {
  site = await startHostileSite()
})
test.afterAll(() => site.close())

/** Shows a hostile page and waits for the app's answer to the POST that it sends by itself. */
async function send(page: Page, from: string, path: string, html: string) {
  const arrives = page.waitForResponse(
    (response) => response.url() === APP + path && response.request().method() === 'POST',
  )
  // No later than 'commit': the page may be gone, to where its form leads, before it has loaded.
  await page.goto(from + site.put(html), { waitUntil: 'commit' })
  const answer = await arrives
  // Whatever it answered is shown at the top, and must have come before the page is sent elsewhere.
  await page.waitForURL((url) => url.origin === APP)
  return { status: answer.status(), fetchSite: (await answer.request().allHeaders())['sec-fetch-site'] }
}

for (const from of ['crossSite', 'sameSite'] as const) {
  const expected = from === 'crossSite' ? 'cross-site' : 'same-site'

  test.describe(`from a page that is ${expected}`, () => {
    let victim: Scene
    test.beforeEach(async ({ browser }) => {
      victim = await scene(browser)
    })
    test.afterEach(() => victim.expectUnchanged())

    test('there is an order for every route that takes one, and what a browser keeps back is refused all the same', async () => {
      const taking = { POST: [] as string[], DELETE: [] as string[], PUT: [] as string[] }
      for (const path of ROUTE_PATHS)
        for (const method of ['POST', 'DELETE', 'PUT'] as const) {
          const { status } = await ask(APP, path, { 'sec-fetch-site': expected }, { method })
          expect.soft([403, 405], `${method} ${path}: ${status}`).toContain(status)
          if (status === 403) taking[method].push(path)
        }
      const posts = Object.keys(victim.orders).toSorted()
      expect(taking).toEqual({ POST: posts, DELETE: ['/mailbox/messages'], PUT: [] })
    })

    test('forms in three encodings', async () => {
      for (const [path, body] of Object.entries(victim.orders)) {
        for (const encoding of ENCODINGS) {
          const html = form(APP + path, encoding, body)
          const { status, fetchSite } = await send(victim.page, site[from], path, html)
          const refused = encoding === ENCODINGS[0] ? 303 : 403
          expect
            .soft({ path, encoding, status, fetchSite })
            .toEqual({ path, encoding, status: refused, fetchSite: expected })
        }
      }
    })

    test('a sandboxed frame, whose Origin is null, posts at the top and within itself', async () => {
      const { page, orders } = victim
      const sandboxed = (path: string, body: Record<string, string>, target: string) => {
        const inner = form(APP + path, 'application/x-www-form-urlencoded', body, target).replaceAll('"', '&quot;')
        return `<iframe sandbox="allow-scripts allow-forms allow-top-navigation" srcdoc="${inner}"></iframe>`
      }
      for (const [path, body] of Object.entries(orders)) {
        expect.soft((await send(page, site[from], path, sandboxed(path, body, '_top'))).status).toBe(303)
      }
      const frames = Object.entries(orders).map(([path, body]) => sandboxed(path, body, '_self'))
      await page.goto(site[from] + site.put(frames.join('')))
      // What came back is not shown in a frame either.
      const shown = () => page.frames().filter((each) => each.url().startsWith('chrome-error:')).length
      await expect.poll(shown).toBe(frames.length)
    })

    test('fetch in every mode sends what is refused, and reads nothing', async () => {
      const { page, orders } = victim
      const sent: string[] = []
      page.on('request', (request) => sent.push(`${request.method()} ${request.url()}`))
      await page.goto(site[from] + site.put('<p>Hello</p>'))
      const read = await page.evaluate(fetchEverything, { app: APP, orders, paths: ROUTE_PATHS })
      expect(read.filter((answer) => !/: (?:refused|opaque 0)$/u.test(answer))).toEqual([])
      expect(read).toHaveLength(Object.keys(orders).length * 9 + ROUTE_PATHS.length * 6 + 3)
      for (const path of Object.keys(orders)) expect(sent).toContain(`POST ${APP}${path}`)
    })

    test('image, script, style, object and frame show nothing and do nothing', async () => {
      const { page, orders } = victim
      const paths = ['/account', '/signin', '/mailbox', '/auth/session', ...Object.keys(orders)]
      const html = paths.map((path) => embeds(APP + path)).join('')
      await page.goto(site[from] + site.put(`<script>window.taken = []</script>${html}`), { timeout: 30_000 })
      expect(await page.evaluate(() => (window as unknown as { taken: string[] }).taken)).toEqual([])
      const frames = page.frames().filter((frame) => frame !== page.mainFrame())
      expect(frames.length).toBeGreaterThanOrEqual(paths.length)
      for (const frame of frames) expect(await frame.content()).not.toMatch(/@example\.com|Sign in|Nobody/u)
    })

    test('a link to what only a form may do changes nothing', async () => {
      const { page, orders } = victim
      for (const path of Object.keys(orders)) {
        await page.goto(site[from] + site.put(`<a href="${APP}${path}">A prize</a>`))
        const [answer] = await Promise.all([page.waitForResponse(APP + path), page.getByText('A prize').click()])
        expect(answer.status()).toBe(405)
      }
    })

    test('a window it opens is out of its reach, and does not know who opened it', async () => {
      const { page, email } = victim
      await page.goto(site[from] + site.put('<button onclick="child = window.open(this.name)">Open</button>'))
      await page
        .getByRole('button')
        .evaluate((button, address) => button.setAttribute('name', address), `${APP}/account`)
      const [child] = await Promise.all([page.waitForEvent('popup'), page.getByRole('button').click()])
      await expect(child.getByText(email)).toBeVisible()
      expect(await child.evaluate(() => window.opener)).toBeNull()
      // Cut off, it looks closed from where it was opened, while it stands open.
      await expect.poll(() => page.evaluate(() => (window as unknown as { child: Window }).child.closed)).toBe(true)
    })
  })
}

/** Runs in the hostile page. Each answer says what the page could see of it. */
async function fetchEverything({
  app,
  orders,
  paths,
}: {
  app: string
  orders: Scene['orders']
  paths: string[]
}): Promise<string[]> {
  const types = ['application/json', 'text/plain', 'application/x-www-form-urlencoded']
  const read = (path: string, init: RequestInit) =>
    fetch(app + path, { credentials: 'include', ...init }).then(
      ({ type, status }) => `${path} ${init.mode}: ${type} ${status}`,
      () => `${path} ${init.mode}: refused`,
    )
  const modes = ['cors', 'no-cors', 'same-origin'] as const
  const posts = Object.entries(orders).flatMap(([path, order]) =>
    modes.flatMap((mode) =>
      types.map((type) => {
        const body = type.endsWith('urlencoded') ? new URLSearchParams(order).toString() : JSON.stringify(order)
        return read(path, { method: 'POST', mode, body, headers: { 'content-type': type } })
      }),
    ),
  )
  const others = paths.flatMap((path) =>
    modes.flatMap((mode) => ['DELETE', 'PUT'].map((method) => read(path, { method, mode }))),
  )
  const gets = ['/auth/session', '/account', '/mailbox/messages'].map((path) => read(path, { mode: 'cors' }))
  return Promise.all([...posts, ...others, ...gets])
}

const embeds = (address: string) =>
  [
    `<img src="${address}" onload="taken.push('image ${address}')">`,
    `<script src="${address}" onload="taken.push('script ${address}')"></script>`,
    `<link rel="stylesheet" href="${address}" onload="taken.push('style ${address}')">`,
    `<iframe src="${address}"></iframe>`,
    `<object data="${address}"></object>`,
  ].join('')
