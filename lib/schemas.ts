/** The inputs of every route, and the words for what is wrong with them. The one file that browser and server share. */
import { z } from 'zod'
import { EMAIL_MAX_BYTES, PASSWORD_MAX_LENGTH } from './auth/policy.ts'

const utf8 = new TextEncoder()

// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it looks for
const CONTROL_OR_SPACE = /[\u0000-\u0020\u007f-\u00a0]/u
const FORBIDDEN_IN_ADDRESS = /[,;<>()"[\]:\\]/u
const ASCII = /^[\u0021-\u007e]+$/u

const trimAsciiSpace = (text: string) => text.replace(/^ +| +$/gu, '')

/** The domain as DNS sees it (punycode, lower case), or null. The URL parser is the one IDNA table both sides have. */
export function asciiDomain(domain: string): string | null {
  // U+00AD and its like are dropped silently by IDNA: what comes back would not be what was typed.
  if (/[\u00ad\u200b-\u200d\u2060\ufeff]/u.test(domain) || /[/?#@%]/u.test(domain)) return null
  let ascii: string
  try {
    ascii = new URL(`http://${domain}`).hostname
  } catch {
    return null
  }
  const labels = ascii.split('.')
  if (labels.length < 2 || labels.some((label) => label === '' || label.length > 63)) return null
  if (labels.some((label) => !/^[a-z0-9_-]+$/u.test(label) || label.startsWith('-') || label.endsWith('-'))) return null
  return /^\d+$/u.test(labels.at(-1) ?? '') ? null : ascii
}

/**
 * The rules for an address, in the order canonicalise, then check: refused if NFKC changes it, at most 254 bytes, ASCII
 * local part, a domain with a dot and no IP literal. Returns the address with an ASCII domain; the local part keeps its case.
 */
export function parseEmail(typed: string): string | null {
  const email = trimAsciiSpace(typed)
  if (email === '' || utf8.encode(email).length > EMAIL_MAX_BYTES) return null
  if (email.normalize('NFKC') !== email || CONTROL_OR_SPACE.test(email) || FORBIDDEN_IN_ADDRESS.test(email)) return null
  const [local, typedDomain, ...more] = email.split('@')
  if (!local || !typedDomain || more.length > 0 || !ASCII.test(local)) return null
  if (local.startsWith('.') || local.endsWith('.') || local.includes('..') || local.length > 64) return null
  const domain = asciiDomain(typedDomain)
  return domain === null || `${local}@${domain}`.length > EMAIL_MAX_BYTES ? null : `${local}@${domain}`
}

const email = z
  .string({ error: 'Enter your email address.' })
  .min(1, 'Enter your email address.')
  .max(1024, 'This address is too long.')
  .transform((typed, context) => {
    const parsed = parseEmail(typed)
    if (parsed !== null) return parsed
    context.addIssue({ code: 'custom', message: 'Enter an email address like name@example.com.' })
    return z.NEVER
  })

const codePoints = (text: string) => [...text].length

/** Any password that can be compared at all: one typed at sign-in may be older than today's rules. */
const password = z
  .string({ error: 'Enter your password.' })
  .min(1, 'Enter your password.')
  .max(4 * PASSWORD_MAX_LENGTH, 'This password is too long.')
  .refine((text) => text.isWellFormed(), 'This password has a broken character in it. Type it again.')
  .refine((text) => !text.includes('\0'), 'A password cannot contain the NUL character.')

/** A password being chosen. The minimum is a setting of the server, so it answers that one (`password_refused`). */
const newPassword = z
  .string({ error: 'Choose a password.' })
  .min(1, 'Choose a password.')
  .max(4 * PASSWORD_MAX_LENGTH, `Use at most ${PASSWORD_MAX_LENGTH} characters.`)
  .refine((text) => text.isWellFormed(), 'This password has a broken character in it. Type it again.')
  .refine((text) => !text.includes('\0'), 'A password cannot contain the NUL character.')
  .refine(
    (text) => codePoints(text.normalize('NFC')) <= PASSWORD_MAX_LENGTH,
    `Use at most ${PASSWORD_MAX_LENGTH} characters.`,
  )

const challengeId = z
  .string({ error: 'The challenge id is missing.' })
  .regex(/^[A-Za-z0-9_-]{22}$/u, 'This is not a challenge id. Ask for a new code.')

/** The code (full-width digits, spaces and hyphens are tolerated), or the long token of the link. */
const token = z
  .string({ error: 'Enter the code from the email.' })
  .min(1, 'Enter the code from the email.')
  .max(128, 'This is not a code. It has six or eight digits.')
  .transform((typed) => typed.normalize('NFKC'))
  .transform((typed) => (/^[\d\s-]+$/u.test(typed) ? typed.replace(/[\s-]/gu, '') : typed))
  .refine(
    (typed) => /^(\d{6}|\d{8}|[A-Za-z0-9_-]{43})$/u.test(typed),
    'This is not a code. It has six or eight digits.',
  )

/** JSON says true or false; a checkbox of a form says "on" or nothing. */
const flag = z.union([z.boolean(), z.enum(['on', 'true']).transform(() => true)], {
  error: 'Use true or false.',
})

export const signupInput = z.strictObject({ email, password: newPassword })
export const requestVerificationInput = z.strictObject({ email })
export const previewInput = z.strictObject({ challengeId, token })
export const verifyInput = z.strictObject({
  challengeId,
  token,
  password: password.optional(),
  remember: flag.optional(),
  confirm: flag.optional(),
})
export const rejectInput = z.strictObject({ challengeId, token })
export const signinInput = z.strictObject({ email, password, remember: flag.optional() })
export const requestSigninInput = z.strictObject({ email, remember: flag.optional() })
export const signoutInput = z.strictObject({ everywhere: flag.optional() })
export const requestResetInput = z.strictObject({ email })
export const resetInput = z.strictObject({ challengeId, token, password: newPassword })

export type SignupInput = z.output<typeof signupInput>
export type RequestVerificationInput = z.output<typeof requestVerificationInput>
export type PreviewInput = z.output<typeof previewInput>
export type VerifyInput = z.output<typeof verifyInput>
export type RejectInput = z.output<typeof rejectInput>
export type SigninInput = z.output<typeof signinInput>
export type RequestSigninInput = z.output<typeof requestSigninInput>
export type SignoutInput = z.output<typeof signoutInput>
export type RequestResetInput = z.output<typeof requestResetInput>
export type ResetInput = z.output<typeof resetInput>
