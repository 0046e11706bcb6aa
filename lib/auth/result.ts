import type { Purpose } from './policy.ts'

/** An outcome: what was asked for, or one of the failures the operation names. Exceptions are for bugs and broken machinery. */
export type Result<T, F extends Failure = never> = { ok: true; value: T } | { ok: false; failure: F }

/** `code` names what is wrong for a program, `message` tells a person how to mend it. */
export interface FieldError {
  field: string
  code: string
  message: string
}

/** Why a password was refused. */
export type PasswordRefusal = 'too_short' | 'too_common' | 'contains_email' | 'contains_site_name'

/** A challenge that this browser can answer. Times are epoch milliseconds; `email` is as its visitor typed it. */
export interface OpenChallenge {
  purpose: Purpose
  challengeId: string
  email: string
  sentAt: number
  resendAt: number
}

/** Every way in which something a caller asked for can fail: the closed list behind `code` in docs/api.md. */
export type Failure =
  | { code: 'invalid_input'; errors: FieldError[] }
  | { code: 'cross_origin' }
  | { code: 'unsupported_media_type' }
  | { code: 'payload_too_large' }
  | { code: 'method_not_allowed'; allow: string }
  | { code: 'not_found' }
  /** `retryAfter` is seconds, rounded up so that it gives no exact clock away. */
  | { code: 'rate_limited'; retryAfter: number }
  /** The hash queue is full, or the threads that hash died. */
  | { code: 'busy'; retryAfter: number }
  | { code: 'password_refused'; reason: PasswordRefusal; minLength?: number }
  /** Wrong, expired, used up, already used, another purpose's, another account's or a decoy: one answer. */
  | { code: 'challenge_invalid' }
  /**
   * This browser did not choose the password, or is about to change it, so it has to know it. `wrong`: one was given and is
   * not it. `field`: where it was typed, if not in `password`.
   */
  | { code: 'password_required'; wrong: boolean; field?: 'currentPassword' }
  /** This browser did not ask to be signed in, so its owner has to say yes. */
  | { code: 'confirmation_required' }
  | { code: 'invalid_credentials' }
  /** Only after the right password. `challenge` is one this browser can answer; none when its mails are used up for now. */
  | { code: 'email_unverified'; challenge: OpenChallenge | null }
  | { code: 'not_signed_in' }
  | { code: 'unavailable'; retryAfter: number }
  | { code: 'internal_error' }

export type FailureCode = Failure['code']
/** The failures with these codes. */
export type FailureOf<C extends FailureCode> = Extract<Failure, { code: C }>

export const ok = <T>(value: T): { ok: true; value: T } => ({ ok: true, value })
export const fail = <F extends Failure>(failure: F): { ok: false; failure: F } => ({ ok: false, failure })
