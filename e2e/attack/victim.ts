import { type Browser, expect, type Page } from 'playwright/test'
import { ApiClient, newAddress, newestChallenge } from '../api-client.ts'
import { anotherBrowser, PASSWORD } from '../journeys/visitor.ts'
import { mailTo, newestMail } from '../mailbox.ts'

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
  const elsewhere = new ApiClient(APP)
  await elsewhere.call('/auth/signin', { email, password: PASSWORD })
  const { session: other } = JSON.parse((await elsewhere.call('/auth/session')).text)
  const { orders, own, waiting, secrets } = await attackersOrders(email, other.id)
  const mailboxes = [email, own, waiting, orders['/auth/signup']?.email ?? '']
  const mailCounts = () => Promise.all(mailboxes.map(async (each) => (await mailTo(each, APP)).length))
  const mailsBefore = await mailCounts()
  const cookiesBefore = await cookiesOf(page)

  const expectUnchanged = async () => {
    const now = await page.request.get('/auth/session')
    expect(await now.json()).toMatchObject(victim)
    expect(await cookiesOf(page)).toEqual(cookiesBefore)
    expect((await elsewhere.call('/auth/session')).status).toBe(200)
    await expectMailHasGone()
    // Neither has one more come, nor has the mailbox been emptied.
    expect(await mailCounts()).toEqual(mailsBefore)
    // Had the sign-up been taken, its own password would be answered with "one step is left".
    const signin = await new ApiClient(APP).call('/auth/signin', orders['/auth/signup'])
    expect(JSON.parse(signin.text)).toMatchObject({ status: 401, code: 'invalid_credentials' })
    // Nobody has used the attacker's sign-in link or reset, nor deleted the sign-up: their owner still can.
    for (const secret of secrets)
      expect((await new ApiClient(APP).call('/auth/verify/preview', secret)).status).toBe(200)
    expect((await new ApiClient(APP).call('/auth/signin', orders['/auth/signin'])).status).toBe(200)
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

async function attackersOrders(victim: string, sessionElsewhere: string) {
  const attacker = new ApiClient(APP)
  const [own, waiting] = [newAddress(), newAddress()]
  await attacker.call('/auth/signup', { email: own, password: ATTACKERS_PASSWORD })
  const first = await newestChallenge(APP, own)
  await attacker.call('/auth/verify', { challengeId: first.challengeId, token: first.code })
  await attacker.call('/auth/signin/request', { email: own })
  const link = await newestChallenge(APP, own, first.mail)
  await attacker.call('/auth/password/reset/request', { email: own })
  const reset = await newestChallenge(APP, own, link.mail)
  await attacker.call('/auth/signup', { email: waiting, password: ATTACKERS_PASSWORD })
  const signup = await newestChallenge(APP, waiting)
  const secrets = [link, reset, signup].map(({ challengeId, linkToken: token }) => ({ challengeId, token }))
  const [ofLink = {}, ofReset = {}, ofSignup = {}] = secrets
  const orders: Scene['orders'] = {
    '/auth/signup': { email: newAddress(), password: ATTACKERS_PASSWORD },
    '/auth/signin': { email: own, password: ATTACKERS_PASSWORD },
    '/auth/signout': { everywhere: 'true' },
    '/auth/verify': { ...ofLink, confirm: 'true' },
    '/auth/verify/preview': ofLink,
    '/auth/verify/reject': ofSignup,
    '/auth/verify/request': { email: waiting },
    '/auth/signin/request': { email: victim },
    '/auth/password/reset/request': { email: victim },
    '/auth/password/reset': { ...ofReset, password: "the attacker's next password" },
    // As if the attacker knew it: then nothing but where it comes from is in the way.
    '/auth/password/change': { currentPassword: PASSWORD, password: ATTACKERS_PASSWORD },
    '/auth/sessions/end': { sessionIds: sessionElsewhere, currentPassword: PASSWORD },
  }
  return { orders, own, waiting, secrets }
}

/** All of the victim's, but for the one that tells them why the form they never filled in was refused. */
async function cookiesOf(page: Page) {
  const cookies = await page.context().cookies(APP)
  return cookies
    .filter(({ name }) => name !== '__Host-flash')
    .map(({ name, value }) => `${name}=${value}`)
    .sort()
}

/** Mail goes out in order: once this one has arrived, so has whatever was owed before it. */
async function expectMailHasGone() {
  const email = newAddress()
  await new ApiClient(APP).call('/auth/signup', { email, password: PASSWORD })
  await newestMail(email)
}
