import type { changePassword } from '#lib/auth/change-password'
import type { currentSession } from '#lib/auth/current-session'
import type { endSessions } from '#lib/auth/end-sessions'
import type { listSessions } from '#lib/auth/list-sessions'
import type { previewChallenge } from '#lib/auth/preview-challenge'
import type { rejectSignup } from '#lib/auth/reject-signup'
import type { requestPasswordReset } from '#lib/auth/request-password-reset'
import type { requestSignin } from '#lib/auth/request-signin'
import type { requestVerification } from '#lib/auth/request-verification'
import type { resetPassword } from '#lib/auth/reset-password'
import type { signin } from '#lib/auth/signin'
import type { signout } from '#lib/auth/signout'
import type { signup } from '#lib/auth/signup'
import type { verify } from '#lib/auth/verify'

// The failures of each verb by its own type: a missing one or one too many does not compile.

type Verb = (...args: never[]) => Promise<{ ok: boolean }>
type Code<V extends Verb> = Extract<Awaited<ReturnType<V>>, { failure: unknown }>['failure']['code']
type FailuresOf<V extends Verb> = [Code<V>] extends [never] ? Record<string, never> : Record<Code<V>, true>

export const VERB_FAILURES = {
  'POST /auth/signup': { rate_limited: true, busy: true, password_refused: true } satisfies FailuresOf<typeof signup>,
  'POST /auth/verify/request': { rate_limited: true } satisfies FailuresOf<typeof requestVerification>,
  'POST /auth/verify/preview': { challenge_invalid: true, rate_limited: true } satisfies FailuresOf<
    typeof previewChallenge
  >,
  'POST /auth/verify': {
    challenge_invalid: true,
    password_required: true,
    confirmation_required: true,
    rate_limited: true,
    busy: true,
  } satisfies FailuresOf<typeof verify>,
  'POST /auth/verify/reject': { challenge_invalid: true, rate_limited: true } satisfies FailuresOf<typeof rejectSignup>,
  'POST /auth/signin': {
    invalid_credentials: true,
    email_unverified: true,
    rate_limited: true,
    busy: true,
  } satisfies FailuresOf<typeof signin>,
  'POST /auth/signin/request': { rate_limited: true } satisfies FailuresOf<typeof requestSignin>,
  'POST /auth/signout': {} satisfies FailuresOf<typeof signout>,
  'GET /auth/session': { not_signed_in: true } satisfies FailuresOf<typeof currentSession>,
  'POST /auth/password/reset/request': { rate_limited: true } satisfies FailuresOf<typeof requestPasswordReset>,
  'POST /auth/password/reset': {
    challenge_invalid: true,
    password_refused: true,
    rate_limited: true,
    busy: true,
  } satisfies FailuresOf<typeof resetPassword>,
  'POST /auth/password/change': {
    not_signed_in: true,
    password_required: true,
    password_refused: true,
    rate_limited: true,
    busy: true,
  } satisfies FailuresOf<typeof changePassword>,
  'GET /auth/sessions': { not_signed_in: true } satisfies FailuresOf<typeof listSessions>,
  'POST /auth/sessions/end': {
    not_signed_in: true,
    password_required: true,
    rate_limited: true,
    busy: true,
  } satisfies FailuresOf<typeof endSessions>,
}
