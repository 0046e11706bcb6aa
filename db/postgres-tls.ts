import { isIPv4 } from 'node:net'
import { Client, type ClientConfig } from 'pg'
import { tlsFailure } from './tls-failure.ts'

/** The parameters of an address by which it says itself whether, and how, TLS is spoken. */
const SAYS_ITSELF = ['ssl', 'sslmode', 'sslcert', 'sslkey', 'sslrootcert', 'sslnegotiation']

/**
 * How to reach the Postgres of an address. Unless the address itself says how (`?sslmode=disable`), one that is not on this
 * machine is spoken to by TLS alone, and its certificate must be trusted and bear its name.
 */
export function postgresOptions(url: string): ClientConfig {
  const asGiven = { connectionString: url }
  const { searchParams } = new URL(url)
  if (SAYS_ITSELF.some((name) => searchParams.has(name))) return asGiven
  return isOnThisMachine(new Client(asGiven).host) ? asGiven : { ...asGiven, ssl: true }
}

/** A path is a socket of this machine's. A name counts only where no resolver could send it elsewhere (RFC 6761 6.3). */
const isOnThisMachine = (host: string) =>
  host.startsWith('/') || host === 'localhost' || host.endsWith('.localhost') || host === '::1' || isLoopbackIPv4(host)
const isLoopbackIPv4 = (host: string) => isIPv4(host) && host.startsWith('127.')

/** What protects the way to the Postgres of an address: nothing is needed on this machine, `unchecked` takes any certificate. */
export function postgresProtection(url: string): 'local' | 'none' | 'unchecked' | 'verified' {
  const client = new Client(postgresOptions(url))
  // The driver's types know no more than a boolean.
  const ssl = client.ssl as boolean | { rejectUnauthorized?: boolean }
  if (isOnThisMachine(client.host)) return 'local'
  if (!ssl) return 'none'
  return typeof ssl === 'object' && ssl.rejectUnauthorized === false ? 'unchecked' : 'verified'
}

/** What to do about it, when a connection failed because of TLS; null when it failed for something else. */
export function tlsAdvice(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const failure = tlsFailure(error)
  if (failure === 'no TLS')
    return 'it speaks no TLS: turn TLS on there, or, where nobody else is on the wire, add ?sslmode=disable to DATABASE_URL'
  if (failure === 'certificate')
    return `its certificate is not to be trusted, ${(error as NodeJS.ErrnoException).code}: give its authority with ?sslrootcert=/path/ca.pem, and call it by the name in the certificate`
  return tlsAdvice(error.cause)
}
