/** The inputs of every route, and the words for what is wrong with them. The one file that browser and server share. */
// zod's functional build: the method-chaining one would double what a form screen loads.
import * as z from 'zod/mini'
import { EMAIL_MAX_BYTES, PASSWORD_MAX_LENGTH, SESSIONS_PER_ACCOUNT } from './auth/policy.ts'

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

const email = z.pipe(
  z
    .string({ error: 'Enter your email address.' })
    .check(z.minLength(1, 'Enter your email address.'), z.maxLength(1024, 'This address is too long.')),
  z.transform((typed, context) => {
    const parsed = parseEmail(typed)
    if (parsed !== null) return parsed
    context.issues.push({ code: 'custom', input: typed, message: 'Enter an email address like name@example.com.' })
    return z.NEVER
  }),
)

const codePoints = (text: string) => [...text].length

const storable = [
  z.refine<string>((text) => text.isWellFormed(), 'This password has a broken character in it. Type it again.'),
  z.refine<string>((text) => !text.includes('\0'), 'A password cannot contain the NUL character.'),
] as const

/** Any password that can be compared at all: one typed at sign-in may be older than today's rules. */
const password = z
  .string({ error: 'Enter your password.' })
  .check(
    z.minLength(1, 'Enter your password.'),
    z.maxLength(4 * PASSWORD_MAX_LENGTH, 'This password is too long.'),
    ...storable,
  )

const TOO_LONG = `Use at most ${PASSWORD_MAX_LENGTH} characters.`

/** A password being chosen. The minimum is a setting of the server, so it answers that one (`password_refused`). */
const newPassword = z.string({ error: 'Choose a password.' }).check(
  z.minLength(1, 'Choose a password.'),
  z.maxLength(4 * PASSWORD_MAX_LENGTH, TOO_LONG),
  ...storable,
  z.refine((text) => codePoints(text.normalize('NFC')) <= PASSWORD_MAX_LENGTH, TOO_LONG),
)

const challengeId = z
  .string({ error: 'The challenge id is missing.' })
  .check(z.regex(/^[A-Za-z0-9_-]{22}$/u, 'This is not a challenge id. Ask for a new code.'))

const NOT_A_CODE = 'This is not a code. It has six or eight digits.'

/** The code (full-width digits, spaces and hyphens are tolerated), or the long token of the link. */
const token = z.pipe(
  z
    .string({ error: 'Enter the code from the email.' })
    .check(z.minLength(1, 'Enter the code from the email.'), z.maxLength(128, NOT_A_CODE)),
  z.pipe(
    z.transform((typed: string) => {
      const text = typed.normalize('NFKC')
      return /^[\d\s-]+$/u.test(text) ? text.replace(/[\s-]/gu, '') : text
    }),
    z.string().check(z.regex(/^(\d{6}|\d{8}|[A-Za-z0-9_-]{43})$/u, NOT_A_CODE)),
  ),
)

/** JSON says true or false; a checkbox of a form says "on" or nothing. */
const flag = z.union(
  [
    z.boolean(),
    z.pipe(
      z.enum(['on', 'true']),
      z.transform(() => true),
    ),
  ],
  {
    error: 'Use true or false.',
  },
)

const CHOOSE = 'Choose at least one to sign out.'

const sessionIds = z
  .array(z.string().check(z.regex(/^[A-Za-z0-9_-]{22}$/u, 'This is not the id of a session.')), { error: CHOOSE })
  .check(z.minLength(1, CHOOSE), z.maxLength(SESSIONS_PER_ACCOUNT, `Choose at most ${SESSIONS_PER_ACCOUNT}.`))

/** Fields that are lists: a form has such a field once for each value, and every other once. */
export const LIST_FIELDS = ['sessionIds']

export const signupInput = z.strictObject({ email, password: newPassword })
export const requestVerificationInput = z.strictObject({ email })
export const previewInput = z.strictObject({ challengeId, token })
export const verifyInput = z.strictObject({
  challengeId,
  token,
  password: z.optional(password),
  remember: z.optional(flag),
  confirm: z.optional(flag),
})
export const rejectInput = z.strictObject({ challengeId, token })
export const signinInput = z.strictObject({ email, password, remember: z.optional(flag) })
export const requestSigninInput = z.strictObject({ email, remember: z.optional(flag) })
export const signoutInput = z.strictObject({ everywhere: z.optional(flag) })
export const requestResetInput = z.strictObject({ email })
export const resetInput = z.strictObject({ challengeId, token, password: newPassword })
export const changePasswordInput = z.strictObject({ currentPassword: password, password: newPassword })
export const endSessionsInput = z.strictObject({ sessionIds, currentPassword: password })

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
export type ChangePasswordInput = z.output<typeof changePasswordInput>
export type EndSessionsInput = z.output<typeof endSessionsInput>
