import { afterEach, beforeEach, expect, it } from 'vitest'
import { browser, NOON, type TestDeps, testDeps } from '../../test/deps.ts'
import { atOnce, byCode, byLink, codeOf, must, newestLetter, PASSWORD, verified } from '../../test/journey.ts'
import { NEWS_LIFETIME, SIGNIN_FREE_FAILURES, SIGNIN_NEWS_PER_ADDRESS } from './policy.ts'
import { requestSignin } from './request-signin.ts'
import { signin } from './signin.ts'
import { signup } from './signup.ts'
import { verify } from './verify.ts'

const email = 'ann@example.com'
const right = { email, password: PASSWORD }
const wrong = { email, password: 'not the password' }
const laptop = browser('laptop')
const stranger = browser('stranger', '203.0.113.7')

let deps: TestDeps
let nudges: number
beforeEach(async () => {
  deps = await testDeps()
  await verified(deps, laptop)
  deps.mails.length = 0
  nudges = 0
  deps.outbox.nudge = () => {
    nudges += 1
  }
})
afterEach(() => deps.db.close())

const told = () => deps.mails.map(({ letter }) => letter.template)

it('tells the owner of a browser that the account does not know, once', async () => {
  must(await signin(deps, right, stranger))
  expect(deps.mails).toEqual([
    {
      to: email,
      letter: { template: 'new-browser', askedFrom: stranger.askedFrom, askedAt: NOON },
      expiresAt: NOON + NEWS_LIFETIME,
    },
  ])
  expect(nudges).toBe(1)
  must(await signin(deps, right, stranger))
  expect(told()).toHaveLength(1)
  expect(nudges).toBe(1)
})

it('says nothing of a known browser, nor of what was refused', async () => {
  must(await signin(deps, right, laptop))
  for (let n = 0; n < 3; n++) expect(codeOf(await signin(deps, wrong, stranger))).toBe('invalid_credentials')
  expect(codeOf(await signin(deps, { ...right, email: 'bob@example.com' }, stranger))).toBe('invalid_credentials')
  expect(told()).toEqual([])
  expect(nudges).toBe(0)
})

it('tells of a known browser where as many wrong passwords came before as begin the waits', async () => {
  const fail = async (times: number) => {
    for (let n = 0; n < times; n++) expect(codeOf(await signin(deps, wrong, laptop))).toBe('invalid_credentials')
  }
  await fail(SIGNIN_FREE_FAILURES - 1)
  must(await signin(deps, right, laptop))
  expect(told()).toEqual([])
  await fail(SIGNIN_FREE_FAILURES)
  deps.clock.advance(60_000)
  must(await signin(deps, right, laptop))
  expect(told()).toEqual(['signin-after-failures'])
  // They were forgotten with it.
  must(await signin(deps, right, laptop))
  expect(told()).toHaveLength(1)
})

it('a guess from an unknown browser that comes true is one mail', async () => {
  for (let n = 0; n < SIGNIN_FREE_FAILURES; n++) await signin(deps, wrong, stranger)
  deps.clock.advance(60_000)
  must(await signin(deps, right, stranger))
  expect(told()).toEqual(['new-browser'])
})

it('a browser without cookies is new each time, and told of five times a day', async () => {
  const { max, window } = SIGNIN_NEWS_PER_ADDRESS
  for (let n = 0; n < max + 3; n++) must(await signin(deps, right, browser(`no cookies ${n}`, '203.0.113.7')))
  expect(told()).toHaveLength(max)
  expect(nudges).toBe(max)
  deps.clock.advance(window)
  must(await signin(deps, right, browser('no cookies again', '203.0.113.7')))
  expect(told()).toHaveLength(max + 1)
})

it('counts each address by itself', async () => {
  const bob = 'bob@example.com'
  await verified(deps, browser('of bob'), bob)
  for (let n = 0; n <= SIGNIN_NEWS_PER_ADDRESS.max; n++)
    must(await signin(deps, right, browser(`no cookies ${n}`, '203.0.113.7')))
  deps.mails.length = 0
  must(await signin(deps, { ...right, email: bob }, stranger))
  expect(deps.mails).toMatchObject([{ to: bob, letter: { template: 'new-browser' } }])
})

it('new browsers at once: each that is let in is told of, and nobody else', async () => {
  const results = await atOnce(20, (n) => signin(deps, right, browser(`new ${n}`, `198.51.100.${n}`)))
  const letIn = results.filter(({ ok }) => ok).length
  expect(letIn).toBeGreaterThan(0)
  expect(told()).toHaveLength(Math.min(letIn, SIGNIN_NEWS_PER_ADDRESS.max))
})

it('a sign-in by mail is no news: its owner has just read the mail', async () => {
  must(await requestSignin(deps, { email }, stranger))
  must(await verify(deps, byCode(newestLetter(deps)), stranger))
  deps.clock.advance(60_000)
  must(await requestSignin(deps, { email }, browser('another', '203.0.113.8')))
  must(await verify(deps, { ...byLink(newestLetter(deps)), confirm: true }, browser('phone', '203.0.113.9')))
  expect(told()).toEqual(['sign-in', 'sign-in'])
})

it('says nothing where a sign-up still waits for its mail', async () => {
  const bob = { email: 'bob@example.com', password: PASSWORD }
  must(await signup(deps, bob, laptop))
  expect(codeOf(await signin(deps, bob, stranger))).toBe('email_unverified')
  expect(told()).not.toContain('new-browser')
})
