import { randomBytes, randomInt } from 'node:crypto'
import type { Random } from './auth/deps.ts'

/** The operating system's randomness. */
export const systemRandom: Random = {
  token: (bytes) => randomBytes(bytes).toString('base64url'),
  // One digit at a time: randomInt is uniform, and its range stays far below its limit of 2^48.
  digits: (count) => Array.from({ length: count }, () => randomInt(10)).join(''),
}
