/** What may be written into each setting, and the sentence that says how to mend it. docs/operations.md lists them all. */
import { z } from 'zod'
import { BCRYPT_COST, HASH_QUEUE, PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from './auth/policy.ts'
import { isGuessableSecret } from './guessable-secret.ts'

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]
/** Shorter than this, an AUTH_SECRET can be a word; 32 characters of base64url hold 192 bits. */
export const SECRET_MIN_LENGTH = 32
/** Cost 16 already holds one core for five seconds a sign-in. */
export const BCRYPT_COST_CEILING = 16
/** What to do about a secret that is a placeholder. The rest of a sentence that names it. */
export const GUESSABLE =
  'is a placeholder or could be guessed: make one with "openssl rand -base64 32"; where passwords hang on the present one, set AUTH_SECRET_PREVIOUS to that.'
/** bcrypt's own minimum, for tests that hash by the hundred. */
const BCRYPT_COST_IN_TESTS = 4

/** More than any machine has cores for: a slip of the finger. */
const PROCESSES_MOST = 1_024

const ADDRESS = /^(?:[^\p{Cc}<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u

function wholeOrNone(name: string, min: number, max: number, example: number) {
  const error = `${name} must be a whole number from ${min} to ${max}, such as ${example}.`
  return z
    .string()
    .regex(/^\d{1,9}$/u, error)
    .transform(Number)
    .pipe(z.number().min(min, error).max(max, error))
    .optional()
}

const whole = (name: string, min: number, max: number, preset: number) =>
  wholeOrNone(name, min, max, preset).transform((given) => given ?? preset)

const secret = (name: string) =>
  z
    .string()
    .min(
      SECRET_MIN_LENGTH,
      `${name} must have at least ${SECRET_MIN_LENGTH} characters: make one with "openssl rand -base64 32".`,
    )
    .optional()

/** The URL, or null: settings are typed by people, so a parse error is an answer and no exception. */
const parseUrl = (text: string) => (URL.canParse(text) ? new URL(text) : null)
const hasScheme = (text: string, schemes: string[]) => schemes.includes(parseUrl(text)?.protocol ?? '')

export const settings = z.object({
  PORT: whole('PORT', 1, 65_535, 3000),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/u, 'HOST must be the address to listen on, such as 127.0.0.1, or 0.0.0.0 for all of them.')
    .optional(),
  APP_ORIGIN: z
    .string()
    .refine(
      (text) => hasScheme(text, ['http:', 'https:']) && parseUrl(text)?.origin === text.replace(/\/$/u, ''),
      'APP_ORIGIN must be the address people open, in lower case and without a path, such as https://id.example.com.',
    )
    .transform((text) => new URL(text).origin)
    .optional(),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: z
    .string()
    .refine(
      (text) => /^file:[^:]+$/u.test(text) || hasScheme(text, ['postgres:', 'postgresql:']),
      'DATABASE_URL must start with file: (a path, relative to DATA_DIR) or with postgres://.',
    )
    .default('file:vestibule.db'),
  DATABASE_POOL: whole('DATABASE_POOL', 1, 100, 10),
  AUTH_SECRET: secret('AUTH_SECRET').refine(
    (text = '') => text.length < SECRET_MIN_LENGTH || !isGuessableSecret(text),
    `AUTH_SECRET ${GUESSABLE}`,
  ),
  AUTH_SECRET_PREVIOUS: secret('AUTH_SECRET_PREVIOUS'),
  MAIL_URL: z
    .string()
    .refine(
      (text) =>
        /^(?:mailbox|resend):$/u.test(text) || (hasScheme(text, ['smtp:', 'smtps:']) && new URL(text).host !== ''),
      'MAIL_URL must be mailbox: or resend: or smtp://user:password@host:port (smtps:// for TLS from the first byte).',
    )
    .default('mailbox:'),
  MAIL_FROM: z
    .string()
    .regex(ADDRESS, 'MAIL_FROM must be an address such as "Vestibule <no-reply@example.com>".')
    .optional(),
  RESEND_API_KEY: z.string().optional(),
  RESEND_BASE_URL: z
    .string()
    .refine((text) => hasScheme(text, ['http:', 'https:']), 'RESEND_BASE_URL must be an http address; it is for tests.')
    .optional(),
  TRUSTED_PROXY_HOPS: whole('TRUSTED_PROXY_HOPS', 0, 9, 0),
  BCRYPT_COST: whole('BCRYPT_COST', BCRYPT_COST_IN_TESTS, BCRYPT_COST_CEILING, BCRYPT_COST),
  WORKERS: wholeOrNone('WORKERS', 1, PROCESSES_MOST, 2),
  HASH_THREADS: wholeOrNone('HASH_THREADS', 1, PROCESSES_MOST, 2),
  HASH_QUEUE: whole('HASH_QUEUE', 1, 10_000, HASH_QUEUE),
  PASSWORD_MIN_LENGTH: whole('PASSWORD_MIN_LENGTH', PASSWORD_MIN_LENGTH, PASSWORD_MAX_LENGTH / 4, PASSWORD_MIN_LENGTH),
  SITE_NAME: z
    .string()
    .regex(/^[^\p{Cc}<>"]{1,60}$/u, 'SITE_NAME must be one line of at most 60 characters without < > and quotes.')
    .default('Vestibule'),
  LIMIT_SCALE: whole('LIMIT_SCALE', 1, 1_000_000, 1),
  EVENTS_KEEP_DAYS: whole('EVENTS_KEEP_DAYS', 1, 36_500, 365),
  CSP_REPORT_URI: z
    .string()
    // What ends a directive, a header or a quoted string must not be in it.
    .refine(
      (text) => hasScheme(text, ['https:']) && /^[^\s;,"'\\]+$/u.test(text),
      'CSP_REPORT_URI must be an https address without spaces, quotes, commas and semicolons, such as https://reports.example.com/csp.',
    )
    .optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.` }).default('info'),
  NODE_ENV: z.string().optional(),
})
export type Settings = z.output<typeof settings>

/** The names of all settings, for the test that compares them with docs/operations.md. */
export const SETTING_NAMES = Object.keys(settings.shape)
