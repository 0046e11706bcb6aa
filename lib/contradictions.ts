import ipaddr from 'ipaddr.js'
import { BCRYPT_COST, BCRYPT_COST_FLOOR } from './auth/policy.ts'
import { BCRYPT_COST_CEILING, type Settings } from './settings.ts'

export function isLoopbackHost(hostname: string) {
  const bare = hostname.replace(/^\[|\]$/gu, '')
  if (ipaddr.isValid(bare)) return ipaddr.process(bare).range() === 'loopback'
  return bare === 'localhost' || bare.endsWith('.localhost')
}

/** What is wrong between settings that are each right by themselves. */
export function contradictions(given: Settings, origin: URL): string[] {
  const loopback = isLoopbackHost(origin.hostname)
  const testing = loopback && given.NODE_ENV === 'test'
  const mailbox = given.MAIL_URL === 'mailbox:'
  const rules: [wrong: boolean, problem: string][] = [
    [
      origin.protocol === 'http:' && !loopback,
      `APP_ORIGIN ${origin.origin} must start with https:// (see deploy/ for TLS in front); only this machine's own address may be http.`,
    ],
    [
      origin.protocol === 'https:' &&
        !loopback &&
        given.TRUSTED_PROXY_HOPS === 0 &&
        isLoopbackHost(given.HOST ?? '127.0.0.1'),
      `TRUSTED_PROXY_HOPS must be at least 1 behind the proxy that gives ${origin.origin} its TLS, or all visitors look like one: set TRUSTED_PROXY_HOPS=1 (see deploy/).`,
    ],
    [
      mailbox && !loopback,
      'MAIL_URL mailbox: shows all mail to every visitor and is for this machine only: set MAIL_URL to resend: or smtp:// to send real mail.',
    ],
    [
      !mailbox && !given.MAIL_FROM,
      'MAIL_FROM is missing: set it to the sender, such as "Vestibule <no-reply@example.com>".',
    ],
    [
      given.MAIL_URL === 'resend:' && !given.RESEND_API_KEY,
      'RESEND_API_KEY is missing: MAIL_URL resend: needs the key from your Resend account.',
    ],
    [
      given.RESEND_BASE_URL !== undefined && !loopback,
      'RESEND_BASE_URL sends mail and key elsewhere and is for tests on this machine only: remove it.',
    ],
    [
      given.LIMIT_SCALE > 1 && !loopback,
      'LIMIT_SCALE above 1 weakens every limit and is for load tests on this machine only: remove it.',
    ],
    [
      given.BCRYPT_COST < BCRYPT_COST_FLOOR && !testing,
      `BCRYPT_COST must be a whole number from ${BCRYPT_COST_FLOOR} to ${BCRYPT_COST_CEILING}, such as ${BCRYPT_COST}.`,
    ],
  ]
  return rules.filter(([wrong]) => wrong).map(([, problem]) => problem)
}
