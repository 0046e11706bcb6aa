/** Which errors of a driver are an outage, and which only say that somebody else was quicker. */
import { tlsFailure } from './tls-failure.ts'

/** The database does not answer; nothing is wrong with what was asked. Answered with 503, so that callers try again. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

// Postgres: connection lost or refused, server starting or stopping, too many connections, a lock waited for in vain. SQLite: busy, full, read-only, I/O.
const UNAVAILABLE =
  /^(08|53|57|40|55P03)|^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)|^SQLITE_(BUSY|LOCKED|FULL|READONLY|IOERR|CANTOPEN)/u
// The driver has no codes for these.
const CONNECTION_LOST =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|not queryable|Cannot use a pool after/iu

/** Of the error itself or of one it wraps, as Drizzle wraps what the driver throws. */
function someCause(error: unknown, is: (cause: Error & { code?: unknown }) => boolean): boolean {
  return error instanceof Error && (is(error) || someCause(error.cause, is))
}

/** A certificate that has expired or changed is one too. */
const isOutage = (cause: Error & { code?: unknown }) =>
  UNAVAILABLE.test(String(cause.code)) || CONNECTION_LOST.test(cause.message) || tlsFailure(cause) !== null

/** The database is at fault, and not what was asked of it. */
export const isUnavailable = (error: unknown) => someCause(error, isOutage)

/** Another process holds the lock, or wrote between our read and our write. */
export const isLocked = (error: unknown) => someCause(error, ({ code }) => /^SQLITE_BUSY/u.test(String(code)))
