import { hash, timingSafeEqual } from 'node:crypto'

/** base64url SHA-256. Enough for what has 256 random bits: there is nothing to guess, so nothing to slow down. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'base64url')
}

/** Constant-time equality of two hashes of one kind. */
export function sameHash(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
