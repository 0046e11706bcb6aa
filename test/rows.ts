import type { challenges, sessions, users } from '#db/schema/tables'

// Whole rows for tests of queries: what matters is said in `changes`, the rest is filler.

type UserRow = typeof users.$inferInsert
type SessionRow = typeof sessions.$inferInsert
type ChallengeRow = typeof challenges.$inferInsert

/** A pending sign-up of Ann's, unless `changes` say otherwise. */
export const userRow = (id: string, changes: Partial<UserRow> = {}): UserRow => ({
  id,
  email: 'Ann@example.com',
  emailKey: 'ann@example.com',
  passwordHash: `hash of ${id}`,
  deviceHash: 'laptop',
  verifiedAt: null,
  disabledAt: null,
  createdAt: 0,
  ...changes,
})

/** A session of `userId` that ends at 100 by rest and at 1,000 by age, unless `changes` say otherwise. */
export const sessionRow = (id: string, userId: string, changes: Partial<SessionRow> = {}): SessionRow => ({
  id,
  tokenHash: `token of ${id}`,
  userId,
  deviceHash: 'laptop',
  createdAt: 0,
  lastSeenAt: 0,
  idleLifetime: 100,
  expiresAt: 100,
  absoluteExpiresAt: 1_000,
  userAgent: 'Test/1.0',
  ip: '192.0.2.1',
  ...changes,
})

/** A challenge of Ann's that nobody has tried and that expires at 100, unless `changes` say otherwise. */
export const challengeRow = (id: string, changes: Partial<ChallengeRow> = {}): ChallengeRow => ({
  id,
  purpose: 'verify',
  emailKey: 'ann@example.com',
  userId: null,
  codeHash: `code of ${id}`,
  tokenHash: `token of ${id}`,
  deviceHash: 'laptop',
  attempts: 0,
  remember: 0,
  linkUsedAt: null,
  consumedAt: null,
  expiresAt: 100,
  createdAt: 1,
  browser: 'Firefox',
  system: 'Linux',
  ...changes,
})
