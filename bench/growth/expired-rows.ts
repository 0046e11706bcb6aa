import { NOW, PASSWORD_HASH, SESSION_EVERY, USER_AGENT } from './rows.ts'

const DAY = 86_400_000
const FROM = `'198.51.100.7', device, '${USER_AGENT}'`
/** All in the past, in an order of their own, so that those which expire one after the other lie far apart. */
const PAST = `${NOW - DAY} + n * 7919 % ${DAY}`

interface Expired {
  table: string
  /** Of a hundred expired rows. */
  share: number
  columns: string
  values: string
}

/** What the sweeper finds after a day without it: rows of `size` live accounts, and of nobody. */
export const EXPIRED: Expired[] = [
  {
    table: 'sessions',
    share: 40,
    columns:
      'id, token_hash, user_id, created_at, last_seen_at, idle_lifetime, expires_at, absolute_expires_at, ip, device_hash, user_agent',
    values: `id, hash, owner, ${NOW - 15 * DAY}, ${NOW - 15 * DAY}, ${DAY}, ${PAST}, ${NOW + DAY}, ${FROM}`,
  },
  {
    table: 'challenges',
    share: 25,
    columns:
      'id, purpose, email_key, user_id, code_hash, token_hash, device_hash, attempts, remember, expires_at, created_at, browser, system',
    values: `id, 'sign-in', email, owner, hash, device, device, 0, 0, ${PAST}, ${NOW - 2 * DAY}, 'Chrome', 'Windows'`,
  },
  {
    table: 'limits',
    share: 20,
    columns: 'key, count, window_ends_at, blocked_until',
    values: `'signin:account:' || email, 1, ${PAST}, 0`,
  },
  {
    table: 'outbox',
    share: 5,
    columns: 'id, template, recipient, payload, attempts, next_at, sent_at, expires_at, created_at',
    values: `id, 'sign-in', email, '', 1, ${NOW}, ${NOW}, ${NOW}, ${PAST} - ${7 * DAY}`,
  },
  {
    table: 'users',
    share: 5,
    columns: 'id, email, email_key, password_hash, device_hash, created_at',
    values: `id, email, email, '${PASSWORD_HASH}', device, ${PAST} - ${DAY}`,
  },
  {
    table: 'devices',
    share: 5,
    columns: 'user_id, device_hash, last_signed_in_at',
    values: `owner, device, ${PAST} - ${365 * DAY}`,
  },
]

/** Rows number `first` to `last` of one table, spread over the accounts of a database of `size`. */
export function insertExpired({ columns, table, values }: Expired, first: number, last: number, size: number): string {
  const owner = `n * ${SESSION_EVERY + 3} % ${size} + 1`
  return `
    insert into ${table} (${columns})
    with recursive n(n) as (select cast(${first} as bigint) union all select n + 1 from n where n < ${last}),
    h as materialized (select n, h('expired ' || n) as hash, h('account ' || (${owner})) as owned from n),
    s as materialized (
      select n, hash, substr(hash, 1, 22) as id, substr(hash, 22) || substr(hash, 1, 21) as device,
        'gone' || n || '@example.com' as email, substr(owned, 1, 22) as owner from h)
    select ${values} from s`
}
