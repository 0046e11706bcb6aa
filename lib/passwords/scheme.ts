import { createHmac } from 'node:crypto'
import { deriveKey, keyId } from '../secrets.ts'

/**
 * How a password is stored: `v1$<key id>$<bcrypt hash>`, the bcrypt hash being over
 * base64(HMAC-SHA-384(pepper, NFC(password))), the form of OWASP's Password Storage Cheat Sheet. bcrypt reads 72 bytes:
 * the pre-hash makes 64 of any length, base64 keeps NUL bytes out, and the pepper, which is not in the database, makes a
 * stolen database useless by itself. The tag and the key id let scheme, cost and pepper change at the next sign-in.
 */
export interface PasswordScheme {
  /** What bcrypt is given, for a password being stored now. */
  prepare(password: string): string
  /** The stored form of a bcrypt hash over `prepare`. */
  tag(bcryptHash: string): string
  /** What to compare for a stored form; null when the scheme or the key is not ours any more. */
  comparison(password: string, stored: string): { prepared: string; bcryptHash: string } | null
  needsRehash(stored: string, cost: number): boolean
}

const STORED = /^v1\$(?<kid>[0-9a-f]{8})\$(?<bcryptHash>\$2[aby]\$(?<cost>\d\d)\$[./A-Za-z0-9]{53})$/u

function parseStored(stored: string): { kid: string; bcryptHash: string; cost: number } | null {
  const parts = STORED.exec(stored)?.groups as Record<'kid' | 'bcryptHash' | 'cost', string> | undefined
  return parts ? { ...parts, cost: Number(parts.cost) } : null
}

const prehash = (pepper: Buffer, password: string) =>
  createHmac('sha384', pepper).update(password.normalize('NFC')).digest('base64')

/** `previous` is AUTH_SECRET_PREVIOUS: its passwords still match, and are re-hashed at the next sign-in. */
export function makePasswordScheme(secret: string, previous?: string): PasswordScheme {
  const secrets = previous === undefined ? [secret] : [secret, previous]
  const peppers = secrets.map((each) => deriveKey(each, 'password-pepper/v1'))
  const byId = new Map(peppers.map((pepper) => [keyId(pepper), pepper]))
  const pepper = peppers[0] as Buffer
  const currentId = keyId(pepper)
  return {
    prepare: (password) => prehash(pepper, password),
    tag: (bcryptHash) => `v1$${currentId}$${bcryptHash}`,
    comparison: (password, stored) => {
      const parsed = parseStored(stored)
      const key = parsed && byId.get(parsed.kid)
      return parsed && key ? { prepared: prehash(key, password), bcryptHash: parsed.bcryptHash } : null
    },
    needsRehash: (stored, cost) => {
      const parsed = parseStored(stored)
      return parsed === null || parsed.kid !== currentId || parsed.cost !== cost
    },
  }
}
