/**
 * Accounts by the million, as statements that both databases understand: every value is computed from the account's
 * number, so that the benchmark can present real addresses, tokens and devices without keeping a list.
 */

/** The clock of all that is made and measured here, epoch milliseconds: nothing expires while it runs. */
export const NOW = Date.UTC(2026, 10, 1, 12)
const HOUR = 3_600_000
const DAY = 24 * HOUR
/** What bcrypt made of a password once; its length is what counts here. */
export const PASSWORD_HASH = 'v1$0123abcd$$2b$12$abcdefghijklmnopqrstuuSrZ0kTtq9yRZb1xPq0mYvF3c5w6nO1K'
export const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'
const FROM = `'198.51.100.' || (n % 250), device, '${USER_AGENT}'`

/** One account in four has a live session, one in a hundred is in the middle of something. */
export const SESSION_EVERY = 4
export const BUSY_EVERY = 100

/** `h` is base64url SHA-256, which each database is taught; ids, hashes and tokens have the form the app gives them. */
const SERIES = (first: number, last: number, every: number) => `
  with recursive n(n) as (
    select cast(${Math.ceil(first / every) * every} as bigint) union all select n + ${every} from n where n + ${every} <= ${last}),
  h as materialized (select n, h('account ' || n) as hash from n),
  s as materialized (
    select n, hash, substr(hash, 1, 22) as id, substr(hash, 22) || substr(hash, 1, 21) as device,
      'user' || n || '@example.com' as email from h)`

interface Table {
  name: string
  /** Of one in how many accounts there is a row. */
  every: number
  columns: string
  /** `created` stands for the account's time of sign-up. */
  values: string
}

export const TABLES: Table[] = [
  {
    name: 'users',
    every: 1,
    columns: 'id, email, email_key, password_hash, device_hash, verified_at, created_at',
    values: `id, email, email, '${PASSWORD_HASH}', device, created + 60000, created`,
  },
  {
    name: 'devices',
    every: 1,
    columns: 'user_id, device_hash, last_signed_in_at',
    values: 'id, device, created + 60000',
  },
  {
    name: 'events',
    every: 1,
    columns: 'id, type, outcome, user_id, email_key, request_id, at, ip, device_hash, user_agent',
    values: `substr(hash, 20, 22), 'email_verified', 'code', id, email, substr(hash, 10, 22), created + 60000, ${FROM}`,
  },
  {
    name: 'sessions',
    every: SESSION_EVERY,
    columns:
      'id, token_hash, user_id, created_at, last_seen_at, idle_lifetime, expires_at, absolute_expires_at, ip, device_hash, user_agent',
    values: `substr(hash, 15, 22), h(h('token ' || n)), id, ${NOW - 16 * DAY} + n * 7919 % ${15 * DAY}, ${NOW}, ${14 * DAY},
      ${NOW + 2 * DAY} + n * 7919 % ${12 * DAY}, ${NOW + 14 * DAY}, ${FROM}`,
  },
  {
    name: 'challenges',
    every: BUSY_EVERY,
    columns:
      'id, purpose, email_key, user_id, code_hash, token_hash, device_hash, attempts, remember, consumed_at, expires_at, created_at, browser, system',
    values: `substr(hash, 5, 22), 'sign-in', email, id, hash, device, device, 1, 0, ${NOW - HOUR}, ${NOW + HOUR}, ${NOW - HOUR}, 'Chrome', 'Windows'`,
  },
  {
    name: 'limits',
    every: BUSY_EVERY,
    columns: 'key, count, window_ends_at, blocked_until',
    values: `'signin:account:' || email, 1, ${NOW + HOUR} + n % 1000, 0`,
  },
  {
    name: 'outbox',
    every: BUSY_EVERY,
    columns: 'id, template, recipient, payload, attempts, next_at, sent_at, expires_at, created_at',
    values: `substr(hash, 8, 22), 'sign-in', email, '', 1, ${NOW - HOUR}, ${NOW - HOUR}, ${NOW}, ${NOW - HOUR}`,
  },
]

/** Rows of accounts `first` to `last` of `size`, in the order of their keys: a tree is filled fastest from the left. */
export function insertStatement({ name, every, columns, values }: Table, first: number, last: number, size: number) {
  const created = `(${NOW - 364 * DAY} + n * ${Math.floor((363 * DAY) / size)})`
  const selected = `select ${values.replaceAll('created', created)} from s order by id`
  return `insert into ${name} (${columns}) ${SERIES(first, last, every)} ${selected}`
}

export const rowsOf = ({ every }: Table, size: number) => Math.floor(size / every)
