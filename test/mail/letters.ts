import type { ChallengeLetter, Letter, NewsLetter } from '#lib/auth/letters'
import { CODE_DIGITS, CODE_LIFETIME, LINK_LIFETIME, type Purpose } from '#lib/auth/policy'

/** 23 November 2026, 14:22 UTC. */
export const ASKED_AT = Date.UTC(2026, 10, 23, 14, 22)

export const SITE = { name: 'Vestibule', origin: 'https://id.example.com' }

export function challengeLetter(template: Purpose, changes: Partial<ChallengeLetter> = {}): ChallengeLetter {
  return {
    template,
    challengeId: 'Y2hhbGxlbmdlLWlkLTE_-A',
    code: '01234567'.slice(0, CODE_DIGITS[template]),
    linkToken: 'bGluay10b2tlbi1vZi0yNTYtYml0cy1pbi1iYXNlNjR-_x',
    askedFrom: { browser: 'Firefox', system: 'Windows' },
    askedAt: ASKED_AT,
    codeExpiresAt: ASKED_AT + CODE_LIFETIME,
    linkExpiresAt: ASKED_AT + LINK_LIFETIME[template],
    ...changes,
  }
}

export function newsLetter(template: NewsLetter['template'], changes: Partial<NewsLetter> = {}): NewsLetter {
  return { template, askedFrom: { browser: 'Safari', system: 'iPhone' }, askedAt: ASKED_AT, ...changes }
}

/** One of each. */
export const LETTERS: Letter[] = [
  challengeLetter('verify'),
  challengeLetter('sign-in'),
  challengeLetter('reset'),
  newsLetter('address-taken'),
  newsLetter('password-changed'),
  newsLetter('new-browser'),
  newsLetter('signin-after-failures'),
]
