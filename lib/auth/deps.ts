import type { Db, Tx } from '#db/client'
import type { Letter } from './letters.ts'
import type { FailureOf, Result } from './result.ts'

/** Everything a verb needs from outside, passed in. Tests build one with a fixed clock, see test/deps.ts. */
export interface Deps {
  db: Db
  /** Epoch milliseconds. */
  now: () => number
  random: Random
  passwords: Passwords
  limits: Limits
  secrets: Secrets
  outbox: Outbox
  settings: AuthSettings
}

interface AuthSettings {
  /** Code points. */
  passwordMinLength: number
  siteName: string
  /** Of APP_ORIGIN, in letters that people type, not in punycode. */
  siteHost: string
}

export interface Random {
  /** base64url of this many random bytes. */
  token(bytes: number): string
  /** Uniform decimal digits, leading zeros kept. */
  digits(count: number): string
}

export interface Passwords {
  /**
   * Does an act that brings a password while there is room for it, else answers `busy` and leaves it undone: a flood costs no
   * statements. An act counts from its first statement on, or all that come in one moment would find the same place free.
   */
  admit<T>(act: () => Promise<T>): Promise<T | { ok: false; failure: FailureOf<'busy'> }>
  hash(password: string): Promise<Result<string, FailureOf<'busy'>>>
  /** One bcrypt comparison, always: `null` (no such user) is compared with a real hash of the same cost and never matches. */
  verify(
    password: string,
    stored: string | null,
  ): Promise<Result<{ matches: boolean; needsRehash: boolean }, FailureOf<'busy'>>>
  /** Whether this password is one that everybody chooses: whole string, case-folded. */
  isCommon(password: string): boolean
}

/** A budget of `max` within `window` milliseconds of its first use, or waits that grow with every use. */
export type LimitRule =
  | { key: string; max: number; window: number }
  | { key: string; free: number; waits: readonly number[]; remembered: number }

/** `spent`: the key of the budget that refused, where this is its first refusal in this window or wait; else null. */
type LimitRefusal = FailureOf<'rate_limited'> & { spent: string | null }

export interface Limits {
  /** Raises every counter; the first budget that is spent refuses, and what was raised before it stays raised. */
  take(rules: LimitRule[]): Promise<Result<null, LimitRefusal>>
  /** The same in the caller's transaction, for what is counted once an act is done. */
  takeWithin(tx: Tx, rules: LimitRule[]): Promise<Result<null, LimitRefusal>>
  /** What was counted turned out to be no failure: each budget gets that one use back, and no other. */
  giveBack(tx: Tx, rules: LimitRule[]): Promise<void>
  /** Somebody proved to be the owner: what the waiting budgets among these counted before is forgotten too. Resolves with how many. */
  forgetFailures(tx: Tx, rules: LimitRule[]): Promise<number>
}

export interface Secrets {
  /** HMAC-SHA-256 under a key derived from AUTH_SECRET, each part length-prefixed; base64url. */
  codeHash(parts: readonly string[]): string
  /** Whether `hash` is `codeHash(parts)` under today's secret or the previous one. Constant time. */
  codeMatches(parts: readonly string[], hash: string): boolean
  /** AES-256-GCM, bound to `context`. */
  seal(plain: string, context: string): string
  /** Null when it was not sealed by today's secret or the previous one, or not in this context. */
  unseal(sealed: string, context: string): string | null
}

export interface Outbox {
  /** Queues one mail inside the caller's transaction. */
  enqueue(tx: Tx, mail: { to: string; letter: Letter; expiresAt: number }): Promise<void>
  /** Tells the sender job that there is something to send; never waits for it. */
  nudge(): void
}

/** Who is calling, as far as one request can tell. */
export interface Caller {
  requestId: string
  /** The client's address as server.ts saw it, IPv4-mapped IPv6 already unmapped. */
  ip: string
  /** What budgets by origin count: the IPv4 address, or the IPv6 /64 and, as `wide`, its /48. */
  origin: { key: string; wide: string | null }
  /** base64url SHA-256 of the device cookie; a browser without one is given one with the answer. */
  deviceHash: string
  userAgent: string
  /** Browser and system read from the user agent, for mail and for the link page. */
  askedFrom: { browser: string; system: string }
  /** The session cookie's token, if one came along. */
  sessionToken: string | null
}
