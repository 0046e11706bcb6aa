import { describe, expect, it } from 'vitest'
import { browser } from '../../test/deps.ts'
import {
  resendBudgets,
  resetRequestBudgets,
  signinBudgets,
  signupBudgets,
  signupStartsGap,
  submitBudgets,
  triesOfAddress,
} from './budgets.ts'
import type { Caller, LimitRule } from './deps.ts'
import { SIGNIN_BACKOFF } from './policy.ts'

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
const EMAIL = 'Ann+tag@Example.com'
const ipv4 = browser('laptop', '192.0.2.1')
const ipv6: Caller = { ...ipv4, origin: { key: '2001:db8::/64', wide: '2001:db8::/48' } }

/** Each budget in one line: its key, and how many in how long. */
const inWords = (rules: LimitRule[]) =>
  rules.map((rule) => ('max' in rule ? `${rule.key} ${rule.max} in ${rule.window}` : `${rule.key} after ${rule.free}`))

describe('each act takes from', () => {
  it.each<[string, LimitRule[], string[]]>([
    [
      'sign-up',
      signupBudgets(EMAIL, ipv4),
      [
        `signup:origin:192.0.2.1 5 in ${HOUR}`,
        `signup-day:origin:192.0.2.1 20 in ${DAY}`,
        `signup:email:ann@example.com 5 in ${HOUR}`,
        `mail-day:verify:ann@example.com 10 in ${DAY}`,
      ],
    ],
    ['the mail of a sign-up', signupStartsGap(EMAIL), [`resend-gap:verify:ann@example.com 1 in ${MINUTE}`]],
    ...(['verify', 'sign-in'] as const).map((purpose): [string, LimitRule[], string[]] => [
      `a mail to ${purpose}`,
      resendBudgets(purpose, EMAIL, ipv4),
      [
        `resend:origin:192.0.2.1 30 in ${HOUR}`,
        `resend-gap:${purpose}:ann@example.com 1 in ${MINUTE}`,
        `resend:${purpose}:ann@example.com 5 in ${HOUR}`,
        `mail-day:${purpose}:ann@example.com 10 in ${DAY}`,
      ],
    ]),
    [
      'asking for a reset',
      resetRequestBudgets(EMAIL, ipv4),
      [
        `reset-request:origin:192.0.2.1 10 in ${HOUR}`,
        `resend-gap:reset:ann@example.com 1 in ${MINUTE}`,
        `reset-request:email:ann@example.com 3 in ${HOUR}`,
        `reset-request-day:email:ann@example.com 6 in ${DAY}`,
      ],
    ],
    ['a submit', submitBudgets(ipv4), [`submit:origin:192.0.2.1 30 in ${10 * MINUTE}`]],
    ['a try', triesOfAddress('reset', EMAIL), [`tries:reset:ann@example.com 20 in ${DAY}`]],
  ])('%s', (_, rules, words) => {
    expect(inWords(rules)).toEqual(words)
  })
})

describe('sign-in takes from', () => {
  const perOrigin = [`signin:origin:192.0.2.1 20 in ${5 * MINUTE}`, `signin-hour:origin:192.0.2.1 100 in ${HOUR}`]

  it('the account, for every unknown browser together', () => {
    const rules = signinBudgets(EMAIL, ipv4, false)
    expect(inWords(rules)).toEqual([...perOrigin, 'signin:account:ann@example.com after 5'])
    expect(rules.at(-1)).toMatchObject({ waits: SIGNIN_BACKOFF, remembered: DAY })
  })

  it('itself alone, for a browser that the account knows', () => {
    const words = inWords(signinBudgets(EMAIL, ipv4, true))
    expect(words).toEqual([...perOrigin, `signin:device:ann@example.com:${ipv4.deviceHash} after 5`])
  })
})

it('a household of IPv6 takes from its /64 and, four times as large, its /48', () => {
  expect(inWords(submitBudgets(ipv6))).toEqual([
    `submit:origin:2001:db8::/64 30 in ${10 * MINUTE}`,
    `submit:origin:2001:db8::/48 120 in ${10 * MINUTE}`,
  ])
})
