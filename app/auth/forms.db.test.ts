import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestDeps } from '../../test/deps.ts'
import { Browser, testApp } from '../../test/http.ts'
import { byCode, byLink, newestLetter, PASSWORD, wrongCode } from '../../test/journey.ts'
import { routes } from '../../test/routes.ts'

let deps: TestDeps
let laptop: Browser
beforeEach(async () => {
  deps = await testApp()
  laptop = new Browser()
})
afterEach(() => deps.db.close())

const email = 'ann@example.com'
const account = { email, password: PASSWORD }
const to = (response: Response) => [response.status, response.headers.get('location')]

async function verified() {
  await laptop.form(routes.signup, account)
  await laptop.form(routes.verify, byCode(newestLetter(deps)))
}

describe('a form goes on to', () => {
  it('the code after a sign-up, and the account after the code', async () => {
    expect(to(await laptop.form(routes.signup, account))).toEqual([303, '/verify'])
    const pending = JSON.parse(Buffer.from(laptop.cookies.get('__Host-pending') ?? '', 'base64url').toString())
    expect(pending).toMatchObject({ purpose: 'verify', email, challengeId: newestLetter(deps).challengeId })
    expect(to(await laptop.form(routes.verify, byCode(newestLetter(deps))))).toEqual([303, '/account'])
    expect((await laptop.get(routes.session)).status).toBe(200)
  })

  it('the code after asking for a link, with a word that it was sent', async () => {
    await verified()
    expect(to(await laptop.form(routes.signinRequest, { email, remember: 'on' }))).toEqual([303, '/verify'])
    expect(laptop.flash()).toMatchObject({ screen: '/verify', kind: 'notice', code: 'code_sent' })
    deps.clock.advance(60_000)
    laptop.cookies.delete('__Host-flash')
    expect(to(await laptop.form(routes.verifyRequest, { email }))).toEqual([303, '/verify'])
    expect(laptop.flash()).toMatchObject({ screen: '/verify', kind: 'notice', code: 'code_sent' })
  })

  it('the new password after asking for a reset, and to signing in after it', async () => {
    await verified()
    expect(to(await laptop.form(routes.resetRequest, { email }))).toEqual([303, '/reset/new'])
    const reset = { ...byCode(newestLetter(deps)), password: 'an entirely new one' }
    expect(to(await laptop.form(routes.reset, reset))).toEqual([303, '/signin'])
    expect(laptop.flash()).toMatchObject({ screen: '/signin', code: 'password_changed' })
  })

  it('the account after a change of the password, with a word, wherever its action says to go', async () => {
    await verified()
    await laptop.form(routes.signinRequest, { email })
    const change = { currentPassword: PASSWORD, password: 'an entirely new one' }
    const response = await laptop.form(routes.changePassword, change, { path: '/auth/password/change?next=/elsewhere' })
    expect(to(response)).toEqual([303, '/account'])
    expect(laptop.flash()).toMatchObject({ screen: '/account', kind: 'notice', code: 'password_changed' })
    expect((await laptop.get(routes.session)).status).toBe(200)
    // The code it was waiting for is dead.
    expect(laptop.cookies.has('__Host-pending')).toBe(false)
  })

  it('the sessions again after ending some of them, with a word of how many', async () => {
    await verified()
    const others = [new Browser('192.0.2.2'), new Browser('192.0.2.3'), new Browser('192.0.2.4')]
    for (const other of others) await other.form(routes.signin, account)
    const ids = others.map(async (other) => (await (await other.get(routes.session)).json()).session.id as string)
    const [first = '', second = ''] = await Promise.all(ids)
    const chosen = { sessionIds: [first, second], currentPassword: PASSWORD }
    const response = await laptop.form(routes.endSessions, chosen, { path: '/auth/sessions/end?next=/elsewhere' })
    expect(to(response)).toEqual([303, '/account/sessions'])
    expect(laptop.flash()).toEqual({
      screen: '/account/sessions',
      kind: 'notice',
      code: 'sessions_ended',
      message: '2 sessions are signed out. You stay signed in here.',
    })
    const statuses = [laptop, ...others].map(async (browser) => (await browser.get(routes.session)).status)
    expect(await Promise.all(statuses)).toEqual([200, 401, 401, 200])
  })

  it('signing in after signing out, and to signing up after "This wasn\'t me"', async () => {
    await verified()
    expect(to(await laptop.form(routes.signout, {}))).toEqual([303, '/signin'])
    expect(laptop.flash()).toMatchObject({ screen: '/signin', kind: 'notice', code: 'signed_out' })
    expect(laptop.cookies.has('__Host-session')).toBe(false)
    await laptop.form(routes.signup, { ...account, email: 'ben@example.com' })
    expect(to(await laptop.form(routes.reject, byLink(newestLetter(deps))))).toEqual([303, '/signup'])
    expect(laptop.flash()).toMatchObject({ code: 'signup_rejected' })
  })

  it('the page of the link after asking what it is, with nothing left to say and the link unused', async () => {
    await laptop.form(routes.signup, account)
    const pending = laptop.cookies.get('__Host-pending')
    const link = byLink(newestLetter(deps))
    expect(to(await laptop.form(routes.preview, link))).toEqual([303, '/magic-link'])
    expect(laptop.flash()).toBeNull()
    expect(laptop.cookies.get('__Host-pending')).toBe(pending)
    expect(to(await laptop.form(routes.verify, link))).toEqual([303, '/account'])
  })

  it('where its visitor was going, and nowhere else', async () => {
    await verified()
    expect(to(await laptop.form(routes.signin, account, { path: '/auth/signin?next=/account?tab=1' }))).toEqual([
      303,
      '/account?tab=1',
    ])
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '/%09/evil.example'])
      expect(to(await laptop.form(routes.signin, account, { path: `/auth/signin?next=${next}` }))).toEqual([
        303,
        '/account',
      ])
  })

  it('where its visitor was going before asking for a mail', async () => {
    await verified()
    await laptop.form(routes.signinRequest, { email }, { path: '/auth/signin/request?next=/account?tab=2' })
    expect(to(await laptop.form(routes.verify, byCode(newestLetter(deps))))).toEqual([303, '/account?tab=2'])
  })
})

// Every failure of every route: form-failures.test.ts.
describe('a form comes back', () => {
  it('with what was wrong and the address, never the password or a token', async () => {
    expect(to(await laptop.form(routes.signup, { email: 'not an address', password: 'secret-canary' }))).toEqual([
      303,
      '/signup',
    ])
    expect(laptop.flash()).toEqual({
      screen: '/signup',
      kind: 'failure',
      code: 'invalid_input',
      message: 'Enter an email address like name@example.com.',
      email: 'not an address',
      errors: [{ field: 'email', code: 'custom', message: 'Enter an email address like name@example.com.' }],
    })
    await laptop.form(routes.signup, account)
    const link = byLink(newestLetter(deps))
    await new Browser('192.0.2.2').form(routes.verify, { ...link, password: 'secret-canary' })
    const phone = new Browser('192.0.2.2')
    await phone.form(routes.verify, { ...link, password: 'secret-canary' })
    expect(JSON.stringify([laptop.flash(), phone.flash()])).not.toMatch(new RegExp(`secret-canary|${link.token}`, 'u'))
  })

  it('with a wrong password before a change, on its field, and neither of the two', async () => {
    await verified()
    const typed = { currentPassword: 'secret-canary', password: 'secret-canary and more' }
    expect(to(await laptop.form(routes.changePassword, typed))).toEqual([303, '/account/password'])
    expect(laptop.flash()).toEqual({
      screen: '/account/password',
      kind: 'failure',
      code: 'password_required',
      message: 'This is not your current password.',
      errors: [{ field: 'currentPassword', code: 'wrong_password', message: 'This is not your current password.' }],
    })
  })

  it('to the sessions with what was wrong, on its field', async () => {
    await verified()
    expect(to(await laptop.form(routes.endSessions, { currentPassword: PASSWORD }))).toEqual([303, '/account/sessions'])
    const empty = [{ field: 'sessionIds', code: 'invalid_type', message: 'Choose at least one to sign out.' }]
    expect(laptop.flash()).toMatchObject({ screen: '/account/sessions', code: 'invalid_input', errors: empty })
    await laptop.form(routes.endSessions, { sessionIds: 'A'.repeat(22), currentPassword: 'secret-canary' })
    const wrong = [{ field: 'currentPassword', code: 'wrong_password', message: 'This is not your current password.' }]
    expect(laptop.flash()).toMatchObject({ screen: '/account/sessions', code: 'password_required', errors: wrong })
    expect(JSON.stringify(laptop.flash())).not.toContain('secret-canary')
  })

  it('keeping where its visitor was going', async () => {
    const response = await laptop.form(routes.signin, { email, password: 'x' }, { path: '/auth/signin?next=/account' })
    expect(to(response)).toEqual([303, '/signin?next=%2Faccount'])
  })

  it('to the code when the sign-up still waits for it', async () => {
    await laptop.form(routes.signup, account)
    const { challengeId } = newestLetter(deps)
    expect(to(await laptop.form(routes.signin, account))).toEqual([303, '/verify'])
    expect(laptop.flash()).toMatchObject({ screen: '/verify', code: 'email_unverified' })
    const pending = JSON.parse(Buffer.from(laptop.cookies.get('__Host-pending') ?? '', 'base64url').toString())
    expect(pending.challengeId).toBe(challengeId)
  })

  it('with the same code after a wrong one', async () => {
    await laptop.form(routes.signup, account)
    const letter = newestLetter(deps)
    expect(to(await laptop.form(routes.verify, wrongCode(letter)))).toEqual([303, '/verify'])
    expect(laptop.cookies.has('__Host-pending')).toBe(true)
    expect(to(await laptop.form(routes.verify, byCode(letter)))).toEqual([303, '/account'])
  })

  it('in a cookie that a browser keeps, whatever was sent', async () => {
    const unknown = Object.fromEntries(
      Array.from({ length: 8 }, (_, index) => [`${'\u0001"ü'.repeat(20)}${index}`, 'x']),
    )
    for (const typed of ['\u0001'.repeat(1500), '"\\'.repeat(700), '\u{1f511}'.repeat(700)]) {
      const response = await laptop.form(routes.signup, { email: typed, password: '', ...unknown })
      for (const cookie of response.headers.getSetCookie()) expect(cookie.length).toBeLessThan(4096)
      expect(laptop.flash()).toMatchObject({ screen: '/signup', code: 'invalid_input' })
    }
  })

  it('from other sites with nothing done', async () => {
    const response = await laptop.form(routes.signup, account, { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(to(response)).toEqual([303, '/signup'])
    expect(laptop.flash()).toMatchObject({ code: 'cross_origin' })
    expect(deps.mails).toEqual([])
  })
})
