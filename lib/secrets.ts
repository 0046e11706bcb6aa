import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { Secrets } from './auth/deps.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A key for one use, from AUTH_SECRET by HKDF-SHA-256 (RFC 5869): learning one says nothing of another. */
export function deriveKey(secret: string, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `vestibule/${use}`, 32))
}

/** Names a key without giving it away; stored beside what the key made, so that it can be found after a rotation. */
export function keyId(key: Buffer): string {
  return createHash('sha256').update('vestibule/key-id').update(key).digest('hex').slice(0, 8)
}

/** Length before each part: ('ab', 'c') and ('a', 'bc') must not meet. */
function keyedHash(key: Buffer, parts: readonly string[]): Buffer {
  const mac = createHmac('sha256', key)
  for (const part of parts) {
    const bytes = Buffer.from(part)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    mac.update(length).update(bytes)
  }
  return mac.digest()
}

function open(key: Buffer, sealed: Buffer, context: string): string | null {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return null
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

/** Keys for codes and for mail at rest. `previous` still verifies and unseals, so AUTH_SECRET can be changed. */
export function makeSecrets(current: string, previous?: string): Secrets {
  const secrets = previous === undefined ? [current] : [current, previous]
  const codeKeys = secrets.map((secret) => deriveKey(secret, 'challenge-code/v1'))
  const sealKeys = secrets.map((secret) => deriveKey(secret, 'outbox/v1'))
  const [codeKey, sealKey] = [codeKeys[0] as Buffer, sealKeys[0] as Buffer]
  return {
    codeHash: (parts) => keyedHash(codeKey, parts).toString('base64url'),
    codeMatches: (parts, hash) => {
      const stored = Buffer.from(hash, 'base64url')
      // Every key is tried, whichever matches: the time tells nothing.
      const matches = codeKeys.map((key) => {
        const expected = keyedHash(key, parts)
        return stored.length === expected.length && timingSafeEqual(stored, expected)
      })
      return matches.includes(true)
    },
    seal: (plain, context) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(Buffer.from(context))
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')
    },
    unseal: (sealed, context) => {
      const bytes = Buffer.from(sealed, 'base64url')
      for (const key of sealKeys) {
        const plain = open(key, bytes, context)
        if (plain !== null) return plain
      }
      return null
    },
  }
}
