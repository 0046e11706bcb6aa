/** Which errors of a driver are an outage, and which only say that somebody else was quicker. */
import { tlsFailure } from './tls-failure.ts'

/** The database does not answer; nothing is wrong with what was asked. Answered with 503, so that callers try again. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable'
}

// Postgres, by class or code: connection lost or refused, no room, starting or stopping, its system at fault, another was
// quicker, a lock waited for in vain, a transaction that said nothing for too long; 25006 is a server that takes no writes,
// as one does that is not the primary any more. SQLite: busy, full, read-only, I/O. What begins with E and not with ERR_ is
// of the system (errno(3), getaddrinfo(3)): no server, no socket, no way, no name, no descriptor.
const UNAVAILABLE =
  /^(?:08|53|57|58|40|55P03|25006|25P0[34])|^E(?!RR_)|^SQLITE_(?:BUSY|LOCKED|PROTOCOL|FULL|READONLY|IOERR|CANTOPEN|NOMEM)/u
// The driver has no codes for these.
const CONNECTION_LOST =
  /timeout exceeded when trying to connect|timeout expired|Query read timeout|Connection terminated|establishing an SSL connection|not queryable|Cannot use a pool after/iu

/** Of the error itself or of one it wraps, as Drizzle wraps what the driver throws, and Node what each address of a name gave. */
function someCause(error: unknown, is: (cause: Error & { code?: unknown }) => boolean): boolean {
  if (!(error instanceof Error)) return false
  const wrapped: unknown[] = error instanceof AggregateError ? error.errors : [error.cause]
  return is(error) || wrapped.some((cause) => someCause(cause, is))
}

/** A certificate that has expired or changed is one too. */
const isOutage = (cause: Error & { code?: unknown }) =>
  UNAVAILABLE.test(String(cause.code)) || CONNECTION_LOST.test(cause.message) || tlsFailure(cause) !== null

/** The database is at fault, and not what was asked of it. */
export const isUnavailable = (error: unknown) => someCause(error, isOutage)

/** Another process holds the lock, or wrote between our read and our write. */
export const isLocked = (error: unknown) => someCause(error, ({ code }) => /^SQLITE_BUSY/u.test(String(code)))
