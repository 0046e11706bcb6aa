import type { Failure, FailureCode, FieldError, PasswordRefusal } from '../auth/result.ts'

export interface Problem {
  status: number
  title: string
  detail: string
  errors?: FieldError[]
  retryAfter?: number
}

const PASSWORD_REFUSALS: Record<PasswordRefusal, (minLength: number | undefined) => string> = {
  too_short: (minLength) => `Use at least ${minLength} characters. A few unrelated words make a good password.`,
  too_common: () => 'Too many people use this password, so it is tried first. Choose another one.',
  contains_email: () =>
    'Your email address is the first thing anyone would try, with any digits around it. Choose another password.',
  contains_site_name: () =>
    'The name of this site, or its address, is easy to guess, with any digits around it. Choose another password.',
}

export const duration = (seconds: number) => {
  if (seconds < 60) return seconds === 1 ? '1 second' : `${seconds} seconds`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return minutes === 1 ? '1 minute' : `${minutes} minutes`
  const hours = Math.ceil(minutes / 60)
  return hours === 1 ? '1 hour' : `${hours} hours`
}

type Describe<C extends FailureCode> = (failure: Extract<Failure, { code: C }>) => Problem

const onPassword = (code: string, message: string, field = 'password') => [{ field, code, message }]

/** What each failure says: status, title for people who read logs, detail for people who read screens. Exhaustive by type. */
const PROBLEMS: { [C in FailureCode]: Describe<C> } = {
  invalid_input: ({ errors }) => ({
    status: 422,
    title: 'Invalid input',
    detail: errors[0]?.message ?? 'Something in the form is not right.',
    errors,
  }),
  cross_origin: () => ({
    status: 403,
    title: 'Cross-origin request',
    detail: 'This request came from another site. Open this site itself and try again.',
  }),
  unsupported_media_type: () => ({
    status: 415,
    title: 'Unsupported media type',
    detail: 'Send application/json or application/x-www-form-urlencoded, in UTF-8.',
  }),
  payload_too_large: () => ({ status: 413, title: 'Payload too large', detail: 'Send at most 16 KB.' }),
  method_not_allowed: ({ allow }) => ({ status: 405, title: 'Method not allowed', detail: `Use ${allow} here.` }),
  not_found: () => ({ status: 404, title: 'Not found', detail: 'There is nothing here.' }),
  rate_limited: ({ retryAfter }) => ({
    status: 429,
    title: 'Too many requests',
    detail: `That was too often. Try again in ${duration(retryAfter)}.`,
    retryAfter,
  }),
  busy: ({ retryAfter }) => ({
    status: 503,
    title: 'Busy',
    detail: 'Too many people are signing in at this moment. Try again in a few seconds.',
    retryAfter,
  }),
  password_refused: ({ reason, minLength }) => {
    const detail = PASSWORD_REFUSALS[reason](minLength)
    return { status: 422, title: 'Password refused', detail, errors: onPassword(reason, detail) }
  },
  challenge_invalid: () => ({
    status: 400,
    title: 'Challenge invalid',
    detail: 'This code or link is wrong, has expired or was already used. Ask for a new one.',
  }),
  password_required: ({ wrong, field }) => {
    const ofSignup = wrong
      ? 'This is not the password that was chosen at sign-up.'
      : 'Confirm with the password that was chosen at sign-up, because the sign-up was not made in this browser.'
    const detail = field === 'currentPassword' ? 'This is not your current password.' : ofSignup
    const errors = onPassword(wrong ? 'wrong_password' : 'required', detail, field)
    return { status: 403, title: 'Password required', detail, errors }
  },
  confirmation_required: () => ({
    status: 403,
    title: 'Confirmation required',
    detail: 'This browser did not ask to sign in. Confirm that you want to.',
  }),
  invalid_credentials: () => ({ status: 401, title: 'Invalid credentials', detail: 'Email or password is wrong.' }),
  email_unverified: ({ challenge }) => ({
    status: 403,
    title: 'Email unverified',
    detail: challenge
      ? 'The password is right, and one step is left: type the code from the email we sent you.'
      : 'The password is right, and one step is left: open the email we sent you and follow its link.',
  }),
  not_signed_in: () => ({ status: 401, title: 'Not signed in', detail: 'Nobody is signed in here.' }),
  unavailable: ({ retryAfter }) => ({
    status: 503,
    title: 'Unavailable',
    detail: 'This site cannot reach its data at the moment. Try again in a few seconds.',
    retryAfter,
  }),
  internal_error: () => ({
    status: 500,
    title: 'Internal error',
    detail: 'Something went wrong on our side, and it was written down. Try again.',
  }),
}

export const FAILURE_CODES = Object.keys(PROBLEMS) as FailureCode[]

export function problemOf(failure: Failure): Problem {
  return (PROBLEMS[failure.code] as Describe<FailureCode>)(failure)
}
