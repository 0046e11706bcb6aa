import type { Tx } from '#db/client'
import { challenges, devices, events, limits, messages, sessions, users } from '#db/schema/tables'

/** Rows with the times that matter to whoever deletes them; the rest is filler. */
export const insertUser = (tx: Tx, id: string, { createdAt = 0, verifiedAt = null as number | null } = {}) =>
  tx.insert(users).values({
    id,
    email: `${id}@example.com`,
    emailKey: `${id}@example.com`,
    passwordHash: 'hash',
    deviceHash: 'device',
    verifiedAt,
    createdAt,
  })

export const insertChallenge = (tx: Tx, id: string, expiresAt: number, userId: string | null = null) =>
  tx.insert(challenges).values({
    id,
    purpose: 'verify',
    emailKey: 'ann@example.com',
    userId,
    codeHash: 'code',
    tokenHash: 'token',
    deviceHash: 'device',
    attempts: 0,
    remember: 0,
    expiresAt,
    createdAt: 0,
    browser: 'Firefox',
    system: 'Linux',
  })

export const insertSession = (tx: Tx, id: string, userId: string, expiresAt: number, absoluteExpiresAt = expiresAt) =>
  tx.insert(sessions).values({
    id,
    tokenHash: id,
    userId,
    deviceHash: 'device',
    createdAt: 0,
    lastSeenAt: 0,
    idleLifetime: 1,
    expiresAt,
    absoluteExpiresAt,
    userAgent: '',
    ip: '192.0.2.1',
  })

export const insertLimit = (tx: Tx, key: string, windowEndsAt: number, blockedUntil = 0) =>
  tx.insert(limits).values({ key, count: 1, windowEndsAt, blockedUntil })

export const insertDevice = (tx: Tx, userId: string, deviceHash: string, lastSignedInAt: number) =>
  tx.insert(devices).values({ userId, deviceHash, lastSignedInAt })

export const insertOldMessage = (tx: Tx, id: string, createdAt: number) =>
  tx.insert(messages).values({ id, recipient: 'ann@example.com', subject: '', html: '', text: '', createdAt })

export const insertOldEvent = (tx: Tx, id: string, at: number) =>
  tx
    .insert(events)
    .values({ id, type: 'signin', outcome: 'ok', ip: '', deviceHash: '', userAgent: '', requestId: '', at })
