import { type Browser, expect, type Page } from 'playwright/test'
import { ApiClient, newAddress, newestChallenge } from '../api-client.ts'
import { anotherBrowser, PASSWORD } from '../journeys/visitor.ts'
import { newestMail } from '../mailbox.ts'

const APP = process.env.E2E_ORIGIN ?? ''
const ATTACKERS_PASSWORD = "the attacker's own password"

/** Somebody signed in, in a real browser, and an attacker with an account, a waiting sign-up and mail of their own. */
export interface Scene {
  page: Page
  email: string
  /** What the attacker makes the victim's browser say to each route; from the right place each would be obeyed. */
  orders: Record<string, Record<string, string>>
  expectUnchanged(): Promise<void>
}

export async function scene(browser: Browser): Promise<Scene> {
  const email = newAddress()
  const page = await anotherBrowser(browser)
  const victim = await signUp(page, email)
  const orders = await attackersOrders(email)
  const mailsBefore = await mailsTo(email)
  const cookiesBefore = await cookiesOf(page)

  const expectUnchanged = async () => {
    const now = await page.request.get('/auth/session')
    expect(await now.json()).toMatchObject(victim)
    expect(await cookiesOf(page)).toEqual(cookiesBefore)
    await expectMailHasGone()
    expect(await mailsTo(email)).toBe(mailsBefore)
    expect(await mailsTo(orders['/auth/signup']?.email ?? '')).toBe(0)
    // Had the sign-up been taken, its own password would be answered with "one step is left".
    const signin = await new ApiClient(APP).call('/auth/signin', orders['/auth/signup'])
    expect(JSON.parse(signin.text)).toMatchObject({ status: 401, code: 'invalid_credentials' })
    // Nobody has used the attacker's link: its owner still can.
    const { status } = await new ApiClient(APP).call('/auth/verify/preview', previewOf(orders['/auth/verify']))
    expect(status).toBe(200)
  }
  return { page, email, orders, expectUnchanged }
}

async function signUp(page: Page, email: string) {
  await page.request.post('/auth/signup', { data: { email, password: PASSWORD } })
  const { challengeId, code: token } = await newestChallenge(APP, email)
  await page.request.post('/auth/verify', { data: { challengeId, token } })
  const answer = await page.request.get('/auth/session')
  expect(answer.status()).toBe(200)
  const { user, session } = await answer.json()
  return { user, session: { id: session.id } }
}

async function attackersOrders(victim: string): Promise<Scene['orders']> {
  const attacker = new ApiClient(APP)
  const [own, waiting] = [newAddress(), newAddress()]
  await attacker.call('/auth/signup', { email: own, password: ATTACKERS_PASSWORD })
  const first = await newestChallenge(APP, own)
  await attacker.call('/auth/verify', { challengeId: first.challengeId, token: first.code })
  await attacker.call('/auth/signin/request', { email: own })
  const link = await newestChallenge(APP, own, first.mail)
  await attacker.call('/auth/signup', { email: waiting, password: ATTACKERS_PASSWORD })
  const signup = await newestChallenge(APP, waiting)
  return {
    '/auth/signup': { email: newAddress(), password: ATTACKERS_PASSWORD },
    '/auth/signin': { email: own, password: ATTACKERS_PASSWORD },
    '/auth/signout': { everywhere: 'true' },
    '/auth/verify': { challengeId: link.challengeId, token: link.linkToken, confirm: 'true' },
    '/auth/verify/reject': { challengeId: signup.challengeId, token: signup.linkToken },
    '/auth/signin/request': { email: victim },
    '/auth/password/reset/request': { email: victim },
    // As if the attacker knew it: then nothing but where it comes from is in the way.
    '/auth/password/change': { currentPassword: PASSWORD, password: ATTACKERS_PASSWORD },
  }
}

const previewOf = ({ confirm: _, ...secret }: Record<string, string> = {}) => secret

/** All of the victim's, but for the one that tells them why the form they never filled in was refused. */
async function cookiesOf(page: Page) {
  const cookies = await page.context().cookies(APP)
  return cookies
    .filter(({ name }) => name !== '__Host-flash')
    .map(({ name, value }) => `${name}=${value}`)
    .sort()
}

const mailsTo = async (email: string): Promise<number> =>
  (await (await fetch(`${APP}/mailbox/messages?to=${encodeURIComponent(email)}`)).json()).length

/** Mail goes out in order: once this one has arrived, so has whatever was owed before it. */
async function expectMailHasGone() {
  const email = newAddress()
  await new ApiClient(APP).call('/auth/signup', { email, password: PASSWORD })
  await newestMail(email)
}
