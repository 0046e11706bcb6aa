import type { FieldError, OpenChallenge } from '../auth/result.ts'

/** What a form post of a browser without JavaScript leaves for the screen it goes back to. Never a password or a token. */
export interface Flash {
  /** The path of the screen it is for. */
  screen: string
  kind: 'failure' | 'notice'
  code: string
  message: string
  email?: string
  errors?: FieldError[]
  /** Seconds. */
  retryAfter?: number
}

/** The challenge this browser asked for last, so that the next screen knows it; `next` is where to go afterwards. */
export interface Pending extends OpenChallenge {
  next?: string
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Null for what is not JSON. A browser may send anything: whatever it is, each field that is read of it is checked. */
function decode(cookie: string | undefined): Record<string, unknown> | null {
  if (cookie === undefined) return null
  try {
    return JSON.parse(Buffer.from(cookie, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 1024
const isOptional = <T>(value: unknown, is: (value: unknown) => value is T) => value === undefined || is(value)
const isNumber = (value: unknown): value is number => Number.isFinite(value)
const isErrors = (value: unknown): value is FieldError[] =>
  Array.isArray(value) && value.every((error) => isText(error?.field) && isText(error.code) && isText(error.message))

export const encodeFlash = (flash: Flash) => encode(flash)
export const encodePending = (pending: Pending) => encode(pending)

export function decodeFlash(cookie: string | undefined): Flash | null {
  const value = decode(cookie)
  const fits =
    value !== null &&
    [value.screen, value.code, value.message].every(isText) &&
    (value.kind === 'failure' || value.kind === 'notice') &&
    isOptional(value.email, isText) &&
    isOptional(value.errors, isErrors) &&
    isOptional(value.retryAfter, isNumber)
  return fits ? (value as unknown as Flash) : null
}

export function decodePending(cookie: string | undefined): Pending | null {
  const value = decode(cookie)
  const fits =
    value !== null &&
    ['verify', 'sign-in', 'reset'].includes(String(value.purpose)) &&
    [value.challengeId, value.email].every(isText) &&
    [value.sentAt, value.resendAt].every(isNumber) &&
    isOptional(value.next, isText)
  return fits ? (value as unknown as Pending) : null
}
