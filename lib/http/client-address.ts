import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * The one address that limits count a request by, from the socket and the X-Forwarded-For that came in.
 *
 * Every proxy appends the address it was called from, so with `hops` proxies of our own in front, the `hops`-th entry
 * from the right is the last one that we wrote ourselves. Whatever stands left of it is the client's own word.
 * A list that is too short, or an entry that is no address, came past those proxies: then the socket counts.
 */
export function clientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  hops: number,
): string {
  const socket = parse(socketAddress ?? '') ?? UNKNOWN
  if (hops === 0 || forwardedFor === undefined) return socket
  return parse(forwardedFor.split(',').at(-hops) ?? '') ?? socket
}

/** A socket that closed before it was asked; such callers share one budget. */
const UNKNOWN = '0.0.0.0'

/** Canonical text, so that one client has one spelling: `::ffff:192.0.2.1` is 192.0.2.1, zones and ports are dropped. */
function parse(text: string): string | null {
  const bare = withoutPort(text.trim()).replace(/%.*/u, '')
  if (isIPv4(bare)) return bare
  // ipaddr.js also takes "1", "0x7f.1" and octal, which no proxy writes.
  if (!bare.includes(':')) return null
  return ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : null
}

/** Some proxies append the port: `192.0.2.1:1234`, `[2001:db8::1]:1234`. */
function withoutPort(text: string): string {
  return /^\[([^\]]*)\](?::\d{1,5})?$/u.exec(text)?.[1] ?? /^([\d.]+):\d{1,5}$/u.exec(text)?.[1] ?? text
}
