import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FailureCode } from '#lib/auth/result'
import { Browser, testApp } from '../../test/http.ts'
import { type Fields, FORMS, type PostRoute, PROVOKED, type Stage } from '../../test/provoked-failures.ts'
import { routes } from '../../test/routes.ts'

// Every failure of every route, to a form: 303 to the screen it came from, and what is left there to be said.

let stage: Stage
beforeEach(async () => {
  stage = { deps: await testApp(), laptop: new Browser() }
})
afterEach(() => stage.deps.db.close())

const retryAfter = expect.any(Number)
const onField = (field: string, code: string) => ({ errors: [{ field, code, message: expect.any(String) }] })

/** What a person reads, and what the screen shows beside a field or counts down. */
const SAID: Partial<Record<FailureCode, [message: RegExp, more?: object]>> = {
  invalid_input: [/^This field is not known here\.$/u, onField('surplus', 'unknown_field')],
  cross_origin: [/^This request came from another site\./u],
  payload_too_large: [/^Send at most 16 KB\.$/u],
  unavailable: [/^This site cannot reach its data at the moment\./u, { retryAfter }],
  internal_error: [/^Something went wrong on our side/u],
  rate_limited: [/^That was too often\. Try again in \d+ (?:second|minute|hour)s?\.$/u, { retryAfter }],
  busy: [/^Too many people are signing in at this moment\./u, { retryAfter }],
  password_refused: [/^Too many people use this password/u, onField('password', 'too_common')],
  challenge_invalid: [/^This code or link is wrong, has expired or was already used\./u],
  password_required: [/^Confirm with the password that was chosen at sign-up/u, onField('password', 'required')],
  confirmation_required: [/^This browser did not ask to sign in\./u],
  invalid_credentials: [/^Email or password is wrong\.$/u],
  email_unverified: [/^The password is right, and one step is left: type the code/u],
  not_signed_in: [/^Nobody is signed in here\.$/u],
}
const WRONG_CURRENT = [/^This is not your current password\.$/u, onField('currentPassword', 'wrong_password')] as const

function expectTold(response: Response, code: FailureCode, { screen, fields }: { screen: string; fields: Fields }) {
  const { headers, status } = response
  expect([status, headers.get('location'), headers.get('cache-control')]).toEqual([303, screen, 'no-store'])
  const ofCurrent = code === 'password_required' && 'currentPassword' in fields
  const [message, more] = (ofCurrent ? WRONG_CURRENT : SAID[code]) ?? []
  const { email, ...secrets } = fields
  const flash = stage.laptop.flash()
  expect(flash).toEqual({
    screen,
    kind: 'failure',
    code,
    message: expect.any(String),
    ...(email && { email }),
    ...more,
  })
  expect(flash?.message).toMatch(message as RegExp)
  for (const secret of Object.values(secrets)) expect(JSON.stringify(flash)).not.toContain(secret)
}

describe.each(Object.entries(FORMS))('%s', (route, { post, screen, valid }) => {
  const provoked = Object.entries(PROVOKED[route as PostRoute]) as [FailureCode, (stage: Stage) => Promise<Fields>][]

  it.each(provoked)('tells a form of %s', async (code, provoke) => {
    const fields = await provoke(stage)
    stage.laptop.cookies.delete('__Host-flash')
    const response = await stage.laptop.form(routes[post], fields)
    // A sign-up that waits is told where its code is typed.
    expectTold(response, code, { screen: code === 'email_unverified' ? '/verify' : screen, fields })
  })

  it('tells a form of what every route refuses', async () => {
    const tell = (fields: Fields, headers = {}) => stage.laptop.form(routes[post], fields, { headers })
    expectTold(await tell({ ...valid, surplus: 'a canary' }), 'invalid_input', { screen, fields: valid })
    expectTold(await tell({ surplus: 'x'.repeat(17_000) }), 'payload_too_large', { screen, fields: {} })
    expectTold(await tell(valid, { 'sec-fetch-site': 'cross-site' }), 'cross_origin', { screen, fields: {} })
  })

  it.each([
    ['unavailable', 'DatabaseUnavailable'],
    ['internal_error', 'Error'],
  ] as const)('tells a form of %s', async (code, name) => {
    const { laptop, deps } = stage
    const failing = () => Promise.reject(Object.assign(new Error('canary'), { name }))
    // Sign-out asks nothing of the database where there is no session.
    laptop.cookies.set('__Host-session', 'x'.repeat(43))
    Object.assign(deps.db, { transaction: failing, run: failing, read: failing })
    expectTold(await laptop.form(routes[post], valid), code, { screen, fields: valid })
    expect(JSON.stringify(laptop.flash())).not.toContain('canary')
  })

  it('answers a form of an unknown type by a problem', async () => {
    const response = await stage.laptop.send(routes[post], 'x', { 'content-type': 'text/plain' }, {})
    expect([response.status, (await response.json()).code]).toEqual([415, 'unsupported_media_type'])
    expect(stage.laptop.flash()).toBeNull()
  })
})
