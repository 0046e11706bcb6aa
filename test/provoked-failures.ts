import type { TestDeps } from './deps.ts'
import type { VERB_FAILURES } from './docs/verb-failures.ts'
import { Browser } from './http.ts'
import { byCode, byLink, newestLetter, PASSWORD, wrongCode } from './journey.ts'
import { routes } from './routes.ts'

// How each failure of each route comes about, through the front door.

export type PostRoute = Extract<keyof typeof VERB_FAILURES, `POST ${string}`>
export type Fields = Record<string, string | string[]>
type Post = Exclude<keyof typeof routes, 'session' | 'sessions' | 'health' | 'mailbox' | 'emptyMailbox'>
/** The app, and the browser that meets the failure in the end. */
export interface Stage {
  deps: TestDeps
  laptop: Browser
}
type Provoke = (stage: Stage) => Promise<Fields>

const email = 'ann@example.com'
const account = { email, password: PASSWORD }
const nothing = { challengeId: 'A'.repeat(22), token: '123456' }
const reset = { ...nothing, password: PASSWORD }
const change = { currentPassword: PASSWORD, password: 'an entirely new one' }
const chosen = { sessionIds: ['A'.repeat(22)], currentPassword: PASSWORD }
const wrong = 'secret-canary'
const poor = 'password1'

/** Each route with the screen of its form, and what passes its schema. */
export const FORMS: Record<PostRoute, { post: Post; screen: string; valid: Fields }> = {
  'POST /auth/signup': { post: 'signup', screen: '/signup', valid: account },
  'POST /auth/verify/request': { post: 'verifyRequest', screen: '/verify', valid: { email } },
  'POST /auth/verify/preview': { post: 'preview', screen: '/magic-link', valid: nothing },
  'POST /auth/verify': { post: 'verify', screen: '/verify', valid: nothing },
  'POST /auth/verify/reject': { post: 'reject', screen: '/verify', valid: nothing },
  'POST /auth/signin': { post: 'signin', screen: '/signin', valid: account },
  'POST /auth/signin/request': { post: 'signinRequest', screen: '/signin', valid: { email } },
  'POST /auth/signout': { post: 'signout', screen: '/account', valid: {} },
  'POST /auth/password/reset/request': { post: 'resetRequest', screen: '/reset', valid: { email } },
  'POST /auth/password/reset': { post: 'reset', screen: '/reset/new', valid: reset },
  'POST /auth/password/change': { post: 'changePassword', screen: '/account/password', valid: change },
  'POST /auth/sessions/end': { post: 'endSessions', screen: '/account/sessions', valid: chosen },
}

async function letterAfter({ deps, laptop }: Stage, post: 'signup' | 'signinRequest' | 'resetRequest') {
  await laptop.form(routes[post], post === 'signup' ? account : { email })
  return newestLetter(deps)
}

const verified = async (stage: Stage) => stage.laptop.form(routes.verify, byCode(await letterAfter(stage, 'signup')))

/** Asks that often for the same, which spends a budget. */
async function spend({ laptop }: Stage, post: Post, fields: Fields, times: number): Promise<Fields> {
  for (let time = 0; time < times; time += 1) await laptop.form(routes[post], fields)
  return fields
}

async function busy({ deps }: Stage, fields: Fields): Promise<Fields> {
  const full = async () => ({ ok: false, failure: { code: 'busy', retryAfter: 5 } }) as const
  Object.assign(deps.passwords, { hash: full, verify: full })
  return fields
}

async function inAnotherBrowser(stage: Stage, fields: Fields): Promise<Fields> {
  stage.laptop = new Browser('192.0.2.2')
  return fields
}

/** The fields of the form that then meets the failure. The type says which there are, and misses none. */
export const PROVOKED: { [R in PostRoute]: Record<keyof (typeof VERB_FAILURES)[R], Provoke> } = {
  'POST /auth/signup': {
    password_refused: async () => ({ email, password: poor }),
    rate_limited: (stage) => spend(stage, 'signup', account, 5),
    busy: (stage) => busy(stage, account),
  },
  'POST /auth/verify/request': { rate_limited: (stage) => spend(stage, 'verifyRequest', { email }, 1) },
  'POST /auth/verify/preview': {
    challenge_invalid: async (stage) => byCode(await letterAfter(stage, 'signup')),
    rate_limited: async (stage) => spend(stage, 'preview', byLink(await letterAfter(stage, 'signup')), 30),
  },
  'POST /auth/verify': {
    challenge_invalid: async (stage) => wrongCode(await letterAfter(stage, 'signup')),
    password_required: async (stage) => inAnotherBrowser(stage, byLink(await letterAfter(stage, 'signup'))),
    confirmation_required: async (stage) => {
      await verified(stage)
      return inAnotherBrowser(stage, byLink(await letterAfter(stage, 'signinRequest')))
    },
    rate_limited: (stage) => spend(stage, 'verify', nothing, 30),
    busy: async (stage) => {
      const link = await inAnotherBrowser(stage, byLink(await letterAfter(stage, 'signup')))
      return busy(stage, { ...link, password: PASSWORD })
    },
  },
  'POST /auth/verify/reject': {
    challenge_invalid: async () => nothing,
    rate_limited: (stage) => spend(stage, 'reject', nothing, 30),
  },
  'POST /auth/signin': {
    invalid_credentials: async () => ({ email, password: wrong }),
    email_unverified: (stage) => spend(stage, 'signup', account, 1),
    rate_limited: (stage) => spend(stage, 'signin', { email, password: wrong }, 5),
    busy: (stage) => busy(stage, account),
  },
  'POST /auth/signin/request': { rate_limited: (stage) => spend(stage, 'signinRequest', { email }, 1) },
  'POST /auth/signout': {},
  'POST /auth/password/reset/request': { rate_limited: (stage) => spend(stage, 'resetRequest', { email }, 1) },
  'POST /auth/password/reset': {
    challenge_invalid: async () => reset,
    password_refused: async (stage) => {
      await verified(stage)
      return { ...byLink(await letterAfter(stage, 'resetRequest')), password: poor }
    },
    rate_limited: (stage) => spend(stage, 'reset', reset, 30),
    busy: async (stage) => {
      await verified(stage)
      return busy(stage, { ...byLink(await letterAfter(stage, 'resetRequest')), password: PASSWORD })
    },
  },
  'POST /auth/password/change': {
    not_signed_in: async () => change,
    password_required: async (stage) => {
      await verified(stage)
      return { ...change, currentPassword: wrong }
    },
    password_refused: async (stage) => {
      await verified(stage)
      return { ...change, password: poor }
    },
    rate_limited: async (stage) => {
      await verified(stage)
      return spend(stage, 'changePassword', { ...change, currentPassword: wrong }, 5)
    },
    busy: async (stage) => {
      await verified(stage)
      return busy(stage, change)
    },
  },
  'POST /auth/sessions/end': {
    not_signed_in: async () => chosen,
    password_required: async (stage) => {
      await verified(stage)
      return { ...chosen, currentPassword: wrong }
    },
    rate_limited: async (stage) => {
      await verified(stage)
      return spend(stage, 'endSessions', { ...chosen, currentPassword: wrong }, 5)
    },
    busy: async (stage) => {
      await verified(stage)
      return busy(stage, chosen)
    },
  },
}
