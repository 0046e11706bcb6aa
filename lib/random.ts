import { randomBytes, randomFillSync, randomInt } from 'node:crypto'
import type { Random } from './auth/deps.ts'

/** The operating system's randomness. */
export const systemRandom: Random = {
  token: (bytes) => randomBytes(bytes).toString('base64url'),
  // One digit at a time: randomInt is uniform, and its range stays far below its limit of 2^48.
  digits: (count) => Array.from({ length: count }, () => randomInt(10)).join(''),
}

/** Bytes of one request id, 128 bits: two requests never share one. */
const REQUEST_ID_BYTES = 16
const drawn = Buffer.alloc(256 * REQUEST_ID_BYTES)
let given = drawn.length

/** base64url. Request ids are no secrets, and a draw costs more than the rest of an id: so they are drawn by the hundred. */
export function requestId(): string {
  if (given === drawn.length) {
    randomFillSync(drawn)
    given = 0
  }
  given += REQUEST_ID_BYTES
  return drawn.toString('base64url', given - REQUEST_ID_BYTES, given)
}
