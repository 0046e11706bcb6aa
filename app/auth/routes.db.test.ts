import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestDeps } from '../../test/deps.ts'
import { Browser, problemCode, testApp } from '../../test/http.ts'
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
const NEW = 'an entirely new password'
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u)
const id = expect.stringMatching(/^[A-Za-z0-9_-]{22}$/u)

async function signUp(browser = laptop) {
  await browser.json(routes.signup, account)
  return newestLetter(deps)
}
async function verified(browser = laptop) {
  await browser.json(routes.verify, byCode(await signUp(browser)))
}
const exhaust = async (deed: () => Promise<Response>, times: number) => {
  for (let time = 0; time < times; time += 1) await deed()
  return problemCode(await deed())
}

describe('POST /auth/signup', () => {
  it('accepts', async () => {
    const response = await laptop.json(routes.signup, account)
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({ message: expect.any(String), challengeId: id, expiresAt: isoTime })
    expect([...laptop.cookies.keys()]).toEqual(['__Host-device', '__Host-pending'])
  })

  it('refuses a poor password on its field', async () => {
    const response = await laptop.json(routes.signup, { email, password: 'password1' })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      type: 'urn:vestibule:problem:password_refused',
      code: 'password_refused',
      errors: [{ field: 'password', code: 'too_common' }],
    })
  })

  it('is limited, and says when to come back', async () => {
    for (let time = 0; time < 5; time += 1) await laptop.json(routes.signup, account)
    const response = await laptop.json(routes.signup, account)
    expect(response.headers.get('retry-after')).toBe('3600')
    expect(await response.json()).toMatchObject({ status: 429, code: 'rate_limited', retryAfter: 3600 })
  })

  it('is busy when the hash queue is full', async () => {
    deps.passwords.hash = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    const response = await laptop.json(routes.signup, account)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await problemCode(response)).toEqual([503, 'busy'])
  })
})

describe('POST /auth/verify/request', () => {
  it('accepts, and says when the next one may be asked for', async () => {
    await signUp()
    deps.clock.advance(60_000)
    const response = await laptop.json(routes.verifyRequest, { email })
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({
      message: expect.any(String),
      challengeId: id,
      expiresAt: isoTime,
      resendAt: isoTime,
    })
  })

  it('is limited', async () => {
    await signUp()
    expect(await problemCode(await laptop.json(routes.verifyRequest, { email }))).toEqual([429, 'rate_limited'])
  })
})

describe('POST /auth/verify/preview', () => {
  it('describes the link, masked', async () => {
    const response = await new Browser('192.0.2.2').json(routes.preview, byLink(await signUp()))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      message: expect.any(String),
      purpose: 'verify',
      email: 'a***@example.com',
      device: 'other',
      askedAt: isoTime,
      askedFrom: { browser: 'Firefox', system: 'Linux' },
    })
  })

  it('refuses what is no link', async () => {
    expect(await problemCode(await laptop.json(routes.preview, byCode(await signUp())))).toEqual([
      400,
      'challenge_invalid',
    ])
  })

  it('is limited', async () => {
    const link = byLink(await signUp())
    expect(await exhaust(() => laptop.json(routes.preview, link), 30)).toEqual([429, 'rate_limited'])
  })
})

describe('POST /auth/verify', () => {
  it('signs in, with a cookie that ends with the browser', async () => {
    const response = await laptop.json(routes.verify, byCode(await signUp()))
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ message: expect.any(String), user: { id, email, verifiedAt: isoTime } })
    const cookie = response.headers.getSetCookie().find((each) => each.startsWith('__Host-session='))
    expect(cookie).toMatch(/^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/u)
    expect(laptop.cookies.has('__Host-pending')).toBe(false)
  })

  it('takes the code with spaces or hyphens', async () => {
    const { challengeId, code } = await signUp()
    const token = `${code.slice(0, 3)} - ${code.slice(3)}`
    expect((await laptop.json(routes.verify, { challengeId, token })).status).toBe(200)
  })

  it('refuses a wrong code', async () => {
    expect(await problemCode(await laptop.json(routes.verify, wrongCode(await signUp())))).toEqual([
      400,
      'challenge_invalid',
    ])
  })

  it('asks another browser for the password, and says when it is wrong', async () => {
    const link = byLink(await signUp())
    const phone = new Browser('192.0.2.2')
    expect(await problemCode(await phone.json(routes.verify, link))).toEqual([403, 'password_required'])
    const wrong = await phone.json(routes.verify, { ...link, password: 'wrong' })
    expect(await wrong.json()).toMatchObject({
      code: 'password_required',
      errors: [{ field: 'password', code: 'wrong_password' }],
    })
    expect((await phone.json(routes.verify, { ...link, password: PASSWORD })).status).toBe(200)
  })

  it('asks another browser for a yes to a sign-in link', async () => {
    await verified()
    await laptop.json(routes.signinRequest, { email, remember: true })
    const link = byLink(newestLetter(deps))
    const phone = new Browser('192.0.2.2')
    expect(await problemCode(await phone.json(routes.verify, link))).toEqual([403, 'confirmation_required'])
    expect((await phone.json(routes.verify, { ...link, confirm: true })).status).toBe(200)
  })

  it('is limited, and busy', async () => {
    const link = byLink(await signUp())
    deps.passwords.verify = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    const phone = new Browser('192.0.2.2')
    expect(await problemCode(await phone.json(routes.verify, { ...link, password: PASSWORD }))).toEqual([503, 'busy'])
    expect(await exhaust(() => phone.json(routes.verify, link), 29)).toEqual([429, 'rate_limited'])
  })
})

describe('POST /auth/verify/reject', () => {
  it('deletes the sign-up', async () => {
    const link = byLink(await signUp())
    expect((await new Browser('192.0.2.2').json(routes.reject, link)).status).toBe(200)
    expect(await problemCode(await laptop.json(routes.verify, link))).toEqual([400, 'challenge_invalid'])
  })

  it('refuses what is no link of a sign-up, and is limited', async () => {
    const nothing = { challengeId: 'A'.repeat(22), token: '123456' }
    expect(await problemCode(await laptop.json(routes.reject, nothing))).toEqual([400, 'challenge_invalid'])
    expect(await exhaust(() => laptop.json(routes.reject, nothing), 29)).toEqual([429, 'rate_limited'])
  })
})

describe('POST /auth/signin', () => {
  it('signs in; "Keep me signed in" makes the cookie outlive the browser', async () => {
    await verified()
    const response = await laptop.json(routes.signin, { ...account, remember: true })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ message: expect.any(String), user: { id, email, verifiedAt: isoTime } })
    const cookie = response.headers.getSetCookie().find((each) => each.startsWith('__Host-session='))
    expect(cookie).toContain('Max-Age=2592000')
  })

  it('refuses wrong credentials, and is limited', async () => {
    const wrong = { email, password: 'wrong' }
    expect(await problemCode(await laptop.json(routes.signin, wrong))).toEqual([401, 'invalid_credentials'])
    expect(await exhaust(() => laptop.json(routes.signin, wrong), 4)).toEqual([429, 'rate_limited'])
  })

  it('sends an unverified sign-up on to its code', async () => {
    const { challengeId } = await signUp()
    const response = await laptop.json(routes.signin, account)
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ code: 'email_unverified', challengeId })
  })

  it('is busy when the hash queue is full', async () => {
    deps.passwords.verify = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    expect(await problemCode(await laptop.json(routes.signin, account))).toEqual([503, 'busy'])
  })
})

describe('POST /auth/signin/request', () => {
  it('accepts, then is limited', async () => {
    const response = await laptop.json(routes.signinRequest, { email })
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({
      message: expect.any(String),
      challengeId: id,
      expiresAt: isoTime,
      resendAt: isoTime,
    })
    expect(await problemCode(await laptop.json(routes.signinRequest, { email }))).toEqual([429, 'rate_limited'])
  })
})

describe('sessions', () => {
  it('GET /auth/session says who is signed in', async () => {
    await verified()
    const response = await laptop.get(routes.session)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      user: { id, email, verifiedAt: isoTime },
      session: { id, createdAt: isoTime, lastSeenAt: isoTime, expiresAt: isoTime },
    })
    expect(await problemCode(await new Browser().get(routes.session))).toEqual([401, 'not_signed_in'])
  })

  it('POST /auth/signout clears the cookie, and a kept copy of it is dead', async () => {
    await verified()
    const thief = new Browser('192.0.2.3')
    thief.cookies.set('__Host-session', laptop.cookies.get('__Host-session') ?? '')
    expect((await thief.get(routes.session)).status).toBe(200)
    expect((await laptop.json(routes.signout, {})).status).toBe(200)
    expect(laptop.cookies.has('__Host-session')).toBe(false)
    expect((await thief.get(routes.session)).status).toBe(401)
  })

  it('POST /auth/signout works without a session, without a body, and everywhere', async () => {
    expect((await laptop.json(routes.signout, {})).status).toBe(200)
    expect((await laptop.send(routes.signout, null, {}, {})).status).toBe(200)
    await verified()
    const phone = new Browser('192.0.2.2')
    await phone.json(routes.signin, account)
    expect((await laptop.json(routes.signout, { everywhere: true })).status).toBe(200)
    expect((await phone.get(routes.session)).status).toBe(401)
  })
})

describe('password reset', () => {
  it('POST /auth/password/reset/request accepts, then is limited', async () => {
    const response = await laptop.json(routes.resetRequest, { email })
    expect(response.status).toBe(202)
    expect(await response.json()).toEqual({
      message: expect.any(String),
      challengeId: id,
      expiresAt: isoTime,
      resendAt: isoTime,
    })
    expect(await problemCode(await laptop.json(routes.resetRequest, { email }))).toEqual([429, 'rate_limited'])
  })

  it('POST /auth/password/reset changes the password, ends the sessions and signs nobody in', async () => {
    await verified()
    await laptop.json(routes.resetRequest, { email })
    const phone = new Browser('192.0.2.2')
    const response = await phone.json(routes.reset, { ...byLink(newestLetter(deps)), password: NEW })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ message: expect.any(String) })
    expect(phone.cookies.has('__Host-session')).toBe(false)
    expect((await laptop.get(routes.session)).status).toBe(401)
    expect((await laptop.json(routes.signin, { email, password: NEW })).status).toBe(200)
  })

  it('POST /auth/password/reset refuses a wrong token and a poor password, is busy and limited', async () => {
    await verified()
    await laptop.json(routes.resetRequest, { email })
    const link = byLink(newestLetter(deps))
    const post = (body: object) => laptop.json(routes.reset, body)
    expect(await problemCode(await post({ ...link, password: 'password1' }))).toEqual([422, 'password_refused'])
    expect(await problemCode(await post({ ...link, token: '12345678', password: NEW }))).toEqual([
      400,
      'challenge_invalid',
    ])
    deps.passwords.hash = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    expect(await problemCode(await post({ ...link, password: NEW }))).toEqual([503, 'busy'])
    expect(await exhaust(() => post({ ...link, password: NEW }), 30)).toEqual([429, 'rate_limited'])
  })
})

describe('POST /auth/password/change', () => {
  const change = { currentPassword: PASSWORD, password: NEW }
  const changing = (body: object = change) => laptop.json(routes.changePassword, body)

  it('changes the password, signs every other browser out, and gives this one a new cookie', async () => {
    await verified()
    const phone = new Browser('192.0.2.2')
    await phone.json(routes.signin, account)
    const thief = new Browser('192.0.2.3')
    thief.cookies.set('__Host-session', laptop.cookies.get('__Host-session') ?? '')
    const response = await changing()
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ message: expect.any(String), user: { id, email, verifiedAt: isoTime } })
    const cookie = response.headers.getSetCookie().find((each) => each.startsWith('__Host-session='))
    expect(cookie).toMatch(/^__Host-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/u)
    const sessions = [laptop, phone, thief].map(async (browser) => (await browser.get(routes.session)).status)
    expect(await Promise.all(sessions)).toEqual([200, 401, 401])
    expect((await phone.json(routes.signin, { email, password: NEW })).status).toBe(200)
  })

  it('is for who is signed in', async () => {
    expect(await problemCode(await changing())).toEqual([401, 'not_signed_in'])
  })

  it('refuses a wrong password and a poor new one, each on its field', async () => {
    await verified()
    const wrong = await changing({ ...change, currentPassword: 'wrong' })
    expect([wrong.status, await wrong.json()]).toMatchObject([
      403,
      { code: 'password_required', errors: [{ field: 'currentPassword', code: 'wrong_password' }] },
    ])
    const poor = await changing({ ...change, password: 'password1' })
    expect([poor.status, await poor.json()]).toMatchObject([
      422,
      { code: 'password_refused', errors: [{ field: 'password', code: 'too_common' }] },
    ])
    expect((await laptop.get(routes.session)).status).toBe(200)
  })

  it('is limited, and busy', async () => {
    await verified()
    const { verify } = deps.passwords
    deps.passwords.verify = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    expect(await problemCode(await changing())).toEqual([503, 'busy'])
    deps.passwords.verify = verify
    expect(await exhaust(() => changing({ ...change, currentPassword: 'wrong' }), 5)).toEqual([429, 'rate_limited'])
  })
})

describe('GET /auth/sessions and POST /auth/sessions/end', () => {
  const phone = () => new Browser('192.0.2.2')
  const listed = async (browser = laptop) => (await (await browser.get(routes.sessions)).json()).sessions
  const ending = (body: object, browser = laptop) => browser.json(routes.endSessions, body)

  it('lists where the account is signed in, and ends what is chosen', async () => {
    await verified()
    deps.clock.advance(1)
    const other = phone()
    await other.json(routes.signin, { ...account, remember: true })
    const response = await laptop.get(routes.sessions)
    expect(response.status).toBe(200)
    const [first, second, ...more] = (await response.json()).sessions
    const told = {
      id,
      createdAt: isoTime,
      lastSeenAt: isoTime,
      expiresAt: isoTime,
      browser: 'Firefox',
      system: 'Linux',
    }
    expect(first).toEqual({ ...told, ip: '192.0.2.2', remembered: true, current: false })
    expect(second).toEqual({ ...told, ip: '192.0.2.1', remembered: false, current: true })
    expect(more).toEqual([])

    const ended = await ending({ sessionIds: [first.id, second.id], currentPassword: PASSWORD })
    expect([ended.status, await ended.json()]).toEqual([
      200,
      { message: '1 session is signed out. You stay signed in here.', ended: 1 },
    ])
    expect(ended.headers.getSetCookie()).toEqual([])
    expect([(await other.get(routes.session)).status, await listed()]).toEqual([401, [second]])
  })

  it('answers for a session of somebody else as for one that is nobody’s', async () => {
    await verified()
    const ben = phone()
    await ben.json(routes.signup, { ...account, email: 'ben@example.com' })
    await ben.json(routes.verify, byCode(newestLetter(deps)))
    const [{ id: bens }] = await listed(ben)
    const answers = [bens, 'A'.repeat(22)].map(async (each) => {
      const response = await ending({ sessionIds: [each], currentPassword: PASSWORD })
      return [response.status, await response.text()]
    })
    const [of, nobodys] = await Promise.all(answers)
    expect(of).toEqual(nobodys)
    expect((await ben.get(routes.session)).status).toBe(200)
  })

  it('are for who is signed in', async () => {
    expect(await problemCode(await laptop.get(routes.sessions))).toEqual([401, 'not_signed_in'])
    const anything = { sessionIds: ['A'.repeat(22)], currentPassword: PASSWORD }
    expect(await problemCode(await ending(anything))).toEqual([401, 'not_signed_in'])
  })

  it('refuses a wrong password and an empty choice, each on its field', async () => {
    await verified()
    const wrong = await ending({ sessionIds: ['A'.repeat(22)], currentPassword: 'wrong' })
    expect([wrong.status, await wrong.json()]).toMatchObject([
      403,
      { code: 'password_required', errors: [{ field: 'currentPassword', code: 'wrong_password' }] },
    ])
    const none = await ending({ sessionIds: [], currentPassword: PASSWORD })
    expect([none.status, (await none.json()).errors]).toEqual([
      422,
      [{ field: 'sessionIds', code: 'too_small', message: 'Choose at least one to sign out.' }],
    ])
  })

  it('is limited, and busy', async () => {
    await verified()
    const chosen = { sessionIds: ['A'.repeat(22)], currentPassword: PASSWORD }
    const { verify } = deps.passwords
    deps.passwords.verify = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } })
    expect(await problemCode(await ending(chosen))).toEqual([503, 'busy'])
    deps.passwords.verify = verify
    const guess = { ...chosen, currentPassword: 'wrong' }
    expect(await exhaust(() => ending(guess), 5)).toEqual([429, 'rate_limited'])
  })
})

describe('GET /health', () => {
  it('is ok, and 503 when the database does not answer', async () => {
    const response = await laptop.get(routes.health)
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }])
    deps.db.read = async () => {
      throw Object.assign(new Error('gone'), { name: 'DatabaseUnavailable' })
    }
    const down = await laptop.get(routes.health)
    expect(down.headers.get('retry-after')).toBe('5')
    expect(await problemCode(down)).toEqual([503, 'unavailable'])
  })
})
