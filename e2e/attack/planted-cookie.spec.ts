import { expect, type Page, test } from 'playwright/test'
import { ApiClient, newAddress, newestChallenge } from '../api-client.ts'
import { expectSignedIn, PASSWORD } from '../journeys/visitor.ts'
import { type HostileSite, startHostileSite } from './hostile-site.ts'

// A sibling host may set cookies for the domain both are below. Chromium takes *.localhost for this machine, so the
// app stands at app.hall.localhost here, and the sibling at evil.hall.localhost.

const APP = process.env.E2E_ORIGIN ?? ''
const HALL = `http://app.hall.localhost:${new URL(APP).port}`
const DOMAIN = 'Domain=hall.localhost; Path=/'
const ADDRESS = 'planted@example.com'
const MESSAGE = 'Planted by a sibling.'

/** All that the app keeps in a browser, each with what an attacker would put there. */
type Planted = Record<'session' | 'device' | 'pending' | 'flash', string>
let site: HostileSite
let planted: Planted
test.beforeAll(async () => {
  site = await startHostileSite()
  const { session, device } = await account()
  const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const challenge = { purpose: 'verify', challengeId: 'A'.repeat(22), email: ADDRESS, sentAt: 1, resendAt: 1 }
  const flash = { screen: '/signin', kind: 'failure', code: 'planted', message: MESSAGE }
  planted = { session, device, pending: text(challenge), flash: text(flash) }
})
test.afterAll(() => site.close())

/** An account, and what its first browser holds. */
async function account() {
  const [client, email] = [new ApiClient(APP), newAddress()]
  await client.call('/auth/signup', { email, password: PASSWORD })
  const { challengeId, code: token } = await newestChallenge(APP, email)
  await client.call('/auth/verify', { challengeId, token })
  const held = (name: string) => client.cookies.get(`__Host-${name}`) ?? ''
  return { email, session: held('session'), device: held('device') }
}

/** Names that a server would take for `__Host-session` that trims them, folds their case or reads on. */
const disguisesOf = (name: string) => [
  `__host-${name}`,
  `=__Host-${name}`,
  `\u00a0__Host-${name}`,
  Buffer.from(`\u2000__Host-${name}`).toString('latin1'),
  `__Secure-${name}`,
  name,
]
const namesOf = (name: string) => [`__Host-${name}`, ` __Host-${name}`, ...disguisesOf(name)]

/** What the app sees of who is signed in, asked from its own page. */
async function whoIsSignedIn(page: Page): Promise<string | null> {
  await page.goto(`${HALL}/signup`)
  return page.evaluate(async () => {
    const answer = await fetch('/auth/session')
    return answer.ok ? (await answer.json()).user.email : null
  })
}

async function plantBothWays(page: Page) {
  const cookies = Object.entries(planted).flatMap(([name, value]) =>
    namesOf(name).flatMap((each) => [`${each}=${value}; ${DOMAIN}`, `${each}=${value}; Secure; ${DOMAIN}`]),
  )
  const evil = `http://evil.hall.localhost:${site.port}`
  await page.goto(evil + site.put('<p>Hello</p>', { 'set-cookie': [...cookies, `by-header=1; ${DOMAIN}`] }))
  await page.evaluate(
    (all) => {
      // biome-ignore lint/suspicious/noDocumentCookie: it is what the attacker has
      for (const cookie of all) document.cookie = cookie
    },
    [...cookies, `by-script=1; ${DOMAIN}`],
  )
  await expectPlantingWorks(page)
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

/** The device cookie that the app itself has set: a cookie of the domain above belongs to the sibling. */
async function deviceOf(page: Page): Promise<string | undefined> {
  const ofHost = ({ name, domain }: { name: string; domain: string }) =>
    name === '__Host-device' && domain === new URL(HALL).hostname
  return (await page.context().cookies(HALL)).find(ofHost)?.value
}

async function expectNothingPlantedShown(page: Page) {
  await page.goto(`${HALL}/verify`)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByText(ADDRESS)).toHaveCount(0)
  await page.goto(`${HALL}/signin`)
  await expect(page.getByText(MESSAGE)).toHaveCount(0)
}

async function signInAt(page: Page, email: string) {
  await page.goto(`${HALL}/signin`)
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expectSignedIn(page, email)
}

test("a sibling's cookies sign nobody in, and are said on no screen", async ({ page }) => {
  await plantBothWays(page)
  expect(await whoIsSignedIn(page)).toBeNull()
  await expectNothingPlantedShown(page)
  await page.goto(`${HALL}/account`)
  await expect(page).toHaveURL(/\/signin/u)
})

test("a sibling's device is nobody's: the browser gets one of its own", async ({ page }) => {
  await plantBothWays(page)
  await signInAt(page, (await account()).email)
  const own = await deviceOf(page)
  expect(own).toMatch(/^[\w-]{43}$/u)
  expect(own).not.toBe(planted.device)
})

test("a sibling's cookies replace nobody who is signed in, nor their browser", async ({ page }) => {
  const { email } = await account()
  await signInAt(page, email)
  const device = await deviceOf(page)
  expect(device).toMatch(/^[\w-]{43}$/u)
  expect(await whoIsSignedIn(page)).toBe(email)
  await plantBothWays(page)
  expect(await whoIsSignedIn(page)).toBe(email)
  expect(await deviceOf(page)).toBe(device)
})

/** What the server makes of one cookie. */
const READS: Record<keyof Planted, (cookie: string) => Promise<boolean>> = {
  session: async (cookie) => (await fetch(`${APP}/auth/session`, { headers: { cookie } })).status === 200,
  // Whoever has a device is given none.
  device: async (cookie) => {
    const answer = await fetch(`${APP}/auth/signout`, { method: 'POST', headers: { cookie, ...JSON_BODY }, body: '{}' })
    return !answer.headers.getSetCookie().some((set) => set.startsWith('__Host-device='))
  },
  pending: async (cookie) => (await (await fetch(`${APP}/verify`, { headers: { cookie } })).text()).includes(ADDRESS),
  flash: async (cookie) => (await (await fetch(`${APP}/signin`, { headers: { cookie } })).text()).includes(MESSAGE),
}
const JSON_BODY = { 'content-type': 'application/json' }

for (const name of ['session', 'device', 'pending', 'flash'] as const) {
  test(`the server itself takes no other name for the ${name}`, async () => {
    for (const disguise of disguisesOf(name))
      expect.soft(await READS[name](`${disguise}=${planted[name]}`), disguise).toBe(false)
    expect(await READS[name](`__Host-${name}=${planted[name]}`)).toBe(true)
  })
}
