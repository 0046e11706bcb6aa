import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { isGuessableSecret } from './guessable-secret.ts'

test.each([
  's'.repeat(32),
  '0123456789abcdef'.repeat(2),
  'hunter2'.repeat(5),
  `${'aB3$xY7!qW'.repeat(4)}aB3`,
  'changeme-changeme-but-longer-0001',
  'CHANGE_ME_TO_SOMETHING_RANDOM_PLEASE',
  'replace-this-with-a-random-string',
  'your-256-bit-secret-goes-in-here',
  'my-super-secret-key-for-vestibule',
  'openssl rand -base64 32 openssl r',
  'at least 32 characters long, okay',
  'abcdefghijklmnopqrstuvwxyz012345',
  'Password-for-the-front-door-2026!',
  'ababababacababababadabababacabab',
])('%s is guessable', (secret) => {
  expect(isGuessableSecret(secret)).toBe(true)
})

test.each(['hex', 'base64', 'base64url'] as const)('what the random generator makes is not, as %s', (encoding) => {
  const secrets = Array.from({ length: 20_000 }, () => randomBytes(32).toString(encoding))
  expect(secrets.filter(isGuessableSecret)).toEqual([])
})
