import { expect, type Page, test } from 'playwright/test'
import { ApiClient, newAddress, newestChallenge } from '../api-client.ts'
import { expectSignedIn, PASSWORD } from '../journeys/visitor.ts'
import { type HostileSite, startHostileSite } from './hostile-site.ts'

// A sibling host may set cookies for the domain both are below. Chromium takes *.localhost for this machine, so the
// app stands at app.hall.localhost here, and the sibling at evil.hall.localhost.

const APP = process.env.E2E_ORIGIN ?? ''
const HALL = `http://app.hall.localhost:${new URL(APP).port}`
const DOMAIN = 'Domain=hall.localhost; Path=/'

let site: HostileSite
let stolen: string
test.beforeAll(async () => {
  site = await startHostileSite()
  stolen = (await account()).session
})
test.afterAll(() => site.close())

/** An account, and the token of its first session. */
async function account() {
  const [client, email] = [new ApiClient(APP), newAddress()]
  await client.call('/auth/signup', { email, password: PASSWORD })
  const { challengeId, code: token } = await newestChallenge(APP, email)
  await client.call('/auth/verify', { challengeId, token })
  return { email, session: client.cookies.get('__Host-session') ?? '' }
}

/** Names that a server would take for `__Host-session` that trims them, folds their case or reads on. */
const DISGUISES = [
  '__host-session',
  '=__Host-session',
  '\u00a0__Host-session',
  Buffer.from('\u2000__Host-session').toString('latin1'),
  '__Secure-session',
  'session',
]
const NAMES = ['__Host-session', ' __Host-session', ...DISGUISES]

/** What the app sees of who is signed in, asked from its own page. */
async function whoIsSignedIn(page: Page): Promise<string | null> {
  await page.goto(`${HALL}/signup`)
  return page.evaluate(async () => {
    const answer = await fetch('/auth/session')
    return answer.ok ? (await answer.json()).user.email : null
  })
}

async function plantBothWays(page: Page) {
  const planted = NAMES.flatMap((name) => [`${name}=${stolen}; ${DOMAIN}`, `${name}=${stolen}; Secure; ${DOMAIN}`])
  const evil = `http://evil.hall.localhost:${site.port}`
  await page.goto(evil + site.put('<p>Hello</p>', { 'set-cookie': [...planted, `by-header=1; ${DOMAIN}`] }))
  await page.evaluate(
    (cookies) => {
      // biome-ignore lint/suspicious/noDocumentCookie: it is what the attacker has
      for (const cookie of cookies) document.cookie = cookie
    },
    [...planted, `by-script=1; ${DOMAIN}`],
  )
}

/**
 * Else the rest would prove only that nothing can be planted at all. Chromium sets a script's cookies in their order, but
 * some time after the script: once the last one is there, all are.
 */
async function expectPlantingWorks(page: Page) {
  const arrived = async () => (await page.context().cookies(HALL)).map(({ name }) => name)
  await expect.poll(arrived).toContain('by-script')
  expect(await arrived()).toContain('by-header')
}

test("a sibling's cookies sign nobody in", async ({ page }) => {
  await plantBothWays(page)
  await expectPlantingWorks(page)
  expect(await whoIsSignedIn(page)).toBeNull()
  await page.goto(`${HALL}/account`)
  await expect(page).toHaveURL(/\/signin/u)
})

test("a sibling's cookies replace nobody who is signed in", async ({ page }) => {
  const { email } = await account()
  await page.goto(`${HALL}/signin`)
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectSignedIn(page, email)
  expect(await whoIsSignedIn(page)).toBe(email)
  await plantBothWays(page)
  await expectPlantingWorks(page)
  expect(await whoIsSignedIn(page)).toBe(email)
})

test('the server itself takes no other name for the session', async () => {
  for (const name of DISGUISES) {
    const answer = await fetch(`${APP}/auth/session`, { headers: { cookie: `${name}=${stolen}` } })
    expect.soft(answer.status, name).toBe(401)
  }
  const answer = await fetch(`${APP}/auth/session`, { headers: { cookie: `__Host-session=${stolen}` } })
  expect(answer.status).toBe(200)
})
