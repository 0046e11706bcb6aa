import type { Caller, LimitRule } from './deps.ts'
import { limitKey } from './email.ts'
import * as policy from './policy.ts'

/** Which budgets each act takes from. Address and origin are counted apart: one joint key would give each pair its own. */

type Window = { max: number; window: number }

const rule = (key: string, { max, window }: Window): LimitRule => ({ key, max, window })

const perOrigin = (act: string, { origin }: Caller, budget: Window): LimitRule[] => {
  const wide = { max: budget.max * policy.IPV6_WIDE_FACTOR, window: budget.window }
  return [
    rule(`${act}:origin:${origin.key}`, budget),
    ...(origin.wide ? [rule(`${act}:origin:${origin.wide}`, wide)] : []),
  ]
}

/** Ten mails a day and address, whoever asks for them and by whichever form. */
const mailPerDay = (purpose: policy.Purpose, email: string) =>
  rule(`mail-day:${purpose}:${limitKey(email)}`, policy.RESEND_PER_DAY)

const resendGap = (purpose: policy.Purpose, email: string) =>
  rule(`resend-gap:${purpose}:${limitKey(email)}`, policy.RESEND_GAP)

export const signupBudgets = (email: string, caller: Caller): LimitRule[] => [
  ...perOrigin('signup', caller, policy.SIGNUP_PER_ORIGIN),
  ...perOrigin('signup-day', caller, policy.SIGNUP_PER_ORIGIN_DAY),
  rule(`signup:email:${limitKey(email)}`, policy.SIGNUP_PER_EMAIL),
  mailPerDay('verify', email),
]

/** A sign-up sends a mail, so the gap before the next starts with it; but it never has to wait for one itself. */
export const signupStartsGap = (email: string): LimitRule[] => [resendGap('verify', email)]

export const resendBudgets = (purpose: 'verify' | 'sign-in', email: string, caller: Caller): LimitRule[] => [
  ...perOrigin('resend', caller, policy.RESEND_PER_ORIGIN),
  resendGap(purpose, email),
  rule(`resend:${purpose}:${limitKey(email)}`, policy.RESEND_PER_HOUR),
  mailPerDay(purpose, email),
]

export const resetRequestBudgets = (email: string, caller: Caller): LimitRule[] => [
  ...perOrigin('reset-request', caller, policy.RESET_REQUESTS_PER_ORIGIN),
  resendGap('reset', email),
  rule(`reset-request:email:${limitKey(email)}`, policy.RESET_REQUESTS_PER_EMAIL),
  rule(`reset-request-day:email:${limitKey(email)}`, policy.RESET_REQUESTS_PER_EMAIL_DAY),
]

export const submitBudgets = (caller: Caller): LimitRule[] => perOrigin('submit', caller, policy.SUBMITS_PER_ORIGIN)

export const triesOfAddress = (purpose: string, email: string): LimitRule[] => [
  rule(`tries:${purpose}:${limitKey(email)}`, policy.TRIES_PER_ADDRESS),
]

/**
 * A known browser has a budget of its own, so that no stranger's failures keep an owner out. Whatever wants the password of
 * somebody signed in takes from the same ones: it compares the same secret, and a stolen session must not buy further guesses.
 */
export const signinBudgets = (email: string, caller: Caller, knownDevice: boolean): LimitRule[] => [
  ...perOrigin('signin', caller, policy.SIGNIN_FAILURES_PER_ORIGIN),
  ...perOrigin('signin-hour', caller, policy.SIGNIN_FAILURES_PER_ORIGIN_HOUR),
  {
    key: knownDevice ? `signin:device:${limitKey(email)}:${caller.deviceHash}` : `signin:account:${limitKey(email)}`,
    free: policy.SIGNIN_FREE_FAILURES,
    waits: policy.SIGNIN_BACKOFF,
    remembered: policy.SIGNIN_FAILURES_REMEMBERED,
  },
]

export const signinNewsBudget = (email: string): LimitRule[] => [
  rule(`signin-news:${limitKey(email)}`, policy.SIGNIN_NEWS_PER_ADDRESS),
]
