/**
 * Every lifetime, length and limit, each with its reason. Durations are milliseconds unless the name says otherwise.
 * docs/security.md repeats these numbers in a table; a test compares the two.
 */
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What a challenge is for. A challenge of one purpose is never accepted at another's door. */
export const PURPOSES = ['verify', 'sign-in', 'reset'] as const
export type Purpose = (typeof PURPOSES)[number]

/** 10^6 codes and 20 tries a day: p = 2e-5 a day. A reset replaces the password, so its code is a hundred times rarer. */
export const CODE_DIGITS: Record<Purpose, number> = { verify: 6, 'sign-in': 6, reset: 8 }

/** 256 bits: nothing to guess, so a fast hash protects it at rest (OWASP ASVS 5.0 6.5.2). */
export const TOKEN_BYTES = 32
/** 128 bits: an id is not a secret, but strangers must not be able to name a challenge and burn its tries. */
export const ID_BYTES = 16

/** A code lives ten minutes (OWASP ASVS 5.0 6.5.5). */
export const CODE_LIFETIME = 10 * MINUTE
/** The link of the same challenge. A day for sign-up is NIST SP 800-63B's bound for mail; a reset link is worth more to a thief. */
export const LINK_LIFETIME: Record<Purpose, number> = { verify: 24 * HOUR, 'sign-in': 10 * MINUTE, reset: 30 * MINUTE }

/** What is dated further ahead than this is not valid yet: a clock was wrong. 5 minutes, as Kerberos allows (RFC 4120). */
export const CLOCK_TOLERANCE = 5 * MINUTE

/** Tries of one challenge, counted before comparing. LIMIT_SCALE does not touch it. */
export const TRIES_PER_CHALLENGE = 5
/** Code tries per address and purpose over all challenges: a new email does not refill them. */
export const TRIES_PER_ADDRESS = { max: 20, window: 24 * HOUR }
/** Challenges of one address and purpose whose code can still be typed; a further one is not made. */
export const LIVE_CHALLENGES_PER_ADDRESS = 3

/** Seconds between two emails are for slow mail; five an hour and ten a day keep us from being a mail bomb. */
export const RESEND_GAP = { max: 1, window: MINUTE }
export const RESEND_PER_HOUR = { max: 5, window: HOUR }
export const RESEND_PER_DAY = { max: 10, window: DAY }
/** One origin cannot make us write to address after address. */
export const RESEND_PER_ORIGIN = { max: 30, window: HOUR }

/** A sign-up nobody confirmed: as long as its link lives. */
export const PENDING_ACCOUNT_LIFETIME = 24 * HOUR
export const PENDING_ACCOUNTS_PER_ADDRESS = 3

/** Waits after the fifth failure and each one after it: 30 s, doubling to an hour. The first five are free. */
export const SIGNIN_FREE_FAILURES = 5
export const SIGNIN_BACKOFF = [30, 60, 120, 240, 480, 960, 1920, 3600].map((seconds) => seconds * SECOND)
/** Failures are forgotten a day after the last one. */
export const SIGNIN_FAILURES_REMEMBERED = DAY
export const SIGNIN_FAILURES_PER_ORIGIN = { max: 20, window: 5 * MINUTE }
export const SIGNIN_FAILURES_PER_ORIGIN_HOUR = { max: 100, window: HOUR }

/** A browser that keeps no cookies is new each time; after so many its owner knows. */
export const SIGNIN_NEWS_PER_ADDRESS = { max: 5, window: DAY }

export const SIGNUP_PER_EMAIL = { max: 5, window: HOUR }
export const SIGNUP_PER_ORIGIN = { max: 5, window: HOUR }
export const SIGNUP_PER_ORIGIN_DAY = { max: 20, window: DAY }

export const RESET_REQUESTS_PER_EMAIL = { max: 3, window: HOUR }
export const RESET_REQUESTS_PER_EMAIL_DAY = { max: 6, window: DAY }
export const RESET_REQUESTS_PER_ORIGIN = { max: 10, window: HOUR }

/** Submits of a code or link, whatever the purpose. */
export const SUBMITS_PER_ORIGIN = { max: 30, window: 10 * MINUTE }

/**
 * Refused passwords, or codes, of the whole site that somebody should hear of, where they are also so many times what was right:
 * people who mistype get in after all. Nobody is refused for it, or a stranger could spend what everybody has.
 */
export const ALARM_FAILURES = { max: 100, window: 10 * MINUTE }
export const ALARM_TIMES_RIGHT = 5
/** One of each kind is enough; the trail has the rest. */
export const ALARM_EVERY = { max: 1, window: HOUR }
/** The newest of the window that are looked at: a bound of the work, ten times more than an alarm needs. */
export const ALARM_EVENTS_AT_MOST = 2_000

/** One household holds a /64; a /48 holds 65,536 of them, so it gets a budget too, four times as large. */
export const IPV6_WIDE_FACTOR = 4

/** NIST SP 800-63B-4 allows 8 with a second factor and wants 15 without: PASSWORD_MIN_LENGTH raises it. */
export const PASSWORD_MIN_LENGTH = 8
/** Code points; bounds the work of a hostile long password. */
export const PASSWORD_MAX_LENGTH = 256
/** A shorter word of the site's or of an address says nothing about a password that holds it. */
export const CONTEXT_WORD_MIN_LENGTH = 3
/** A year, a date, digits and marks beside such words: 12 others hold a date and its punctuation. More is a secret of its own. */
export const CONTEXT_OTHERS_MAX = 12
/** bcrypt cost; 12 is about 0.3 s of one core. OWASP's floor is 10. */
export const BCRYPT_COST = 12
export const BCRYPT_COST_FLOOR = 10
/** Passwords waiting for a hash thread, in all processes of a machine; more than that and the answer is `busy`. */
export const HASH_QUEUE = 50
export const HASH_RETRY_AFTER_SECONDS = 5

/** "Keep me signed in". 30 days is NIST SP 800-63B-4's bound at AAL1. */
export const SESSION_IDLE_REMEMBERED = 14 * DAY
export const SESSION_ABSOLUTE = 30 * DAY
/** Otherwise the cookie ends with the browser, and the session with half a day of rest. */
export const SESSION_IDLE = 12 * HOUR
export const SESSION_TOUCH_EVERY = 5 * MINUTE
export const SESSIONS_PER_ACCOUNT = 20

/**
 * What this browser waits for, and so what it can ask for anew: longer than the code, so that an expired one is one press from
 * the next. A sign-up waits a day; otherwise an hour, because whoever comes to this browser after it reads the address.
 */
export const PENDING_COOKIE_LIFETIME: Record<Purpose, number> = { verify: 24 * HOUR, 'sign-in': HOUR, reset: HOUR }

export const DEVICE_COOKIE_LIFETIME = 365 * DAY
/**
 * Known browsers, each private window one of its own. Whoever uses a browser signs in with it anew every 30 days at the latest
 * (SESSION_ABSOLUTE), so it stays known beside three private windows a day.
 */
export const DEVICES_PER_ACCOUNT = 100

/** Waits before each retry of a mail; after the last the mail is parked and logged. */
export const OUTBOX_RETRIES = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR]
/** No mail rests longer before its next try, whatever a provider asks for: most are of no use a day later. */
export const OUTBOX_LONGEST_WAIT = HOUR
/** News about an account (password changed, address taken) is worth sending for a day. */
export const NEWS_LIFETIME = DAY

/** RFC 5321's limit of a path, less the angle brackets. */
export const EMAIL_MAX_BYTES = 254
/** Bytes of a request body; the largest honest one is under 2 KB. */
export const BODY_MAX_BYTES = 16 * 1024
