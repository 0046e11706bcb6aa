import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

// Portable columns only: text and epoch milliseconds. No booleans (a nullable time says more), no JSON, no serial ids.
// postgres.ts is the same file in the other dialect; parity.test.ts compares them column by column.
const time = (name: string) => integer(name)

/** A sign-up makes a pending row (`verified_at` null). Several may share an address; one can be verified. */
export const users = sqliteTable(
  'users',
  {
    id: text('id').primaryKey(),
    email: text('email').notNull(),
    emailKey: text('email_key').notNull(),
    passwordHash: text('password_hash').notNull(),
    /** SHA-256 of the device cookie of the browser that chose the password. */
    deviceHash: text('device_hash').notNull(),
    verifiedAt: time('verified_at'),
    disabledAt: time('disabled_at'),
    createdAt: time('created_at').notNull(),
  },
  (table) => [
    uniqueIndex('users_verified_email_key').on(table.emailKey).where(sql`verified_at is not null`),
    // Of pending rows alone: the index above finds the verified ones.
    index('users_pending_email_key').on(table.emailKey, table.createdAt).where(sql`verified_at is null`),
    index('users_pending_created_at').on(table.createdAt).where(sql`verified_at is null`),
  ],
)

/** One code and one link. `user_id` is null in a decoy. */
export const challenges = sqliteTable(
  'challenges',
  {
    id: text('id').primaryKey(),
    purpose: text('purpose').notNull(),
    emailKey: text('email_key').notNull(),
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    codeHash: text('code_hash').notNull(),
    tokenHash: text('token_hash').notNull(),
    deviceHash: text('device_hash').notNull(),
    attempts: integer('attempts').notNull(),
    /** 1 when "Keep me signed in" was asked for, else 0. */
    remember: integer('remember').notNull(),
    /** A foreign browser used the link; the code stays good for the browser that asked. */
    linkUsedAt: time('link_used_at'),
    consumedAt: time('consumed_at'),
    /** The link's end; the code ends CODE_LIFETIME after `created_at`. */
    expiresAt: time('expires_at').notNull(),
    createdAt: time('created_at').notNull(),
    browser: text('browser').notNull(),
    system: text('system').notNull(),
  },
  (table) => [
    index('challenges_address').on(table.emailKey, table.purpose, table.createdAt),
    index('challenges_user_id').on(table.userId),
    index('challenges_expires_at').on(table.expiresAt),
  ],
)

export const sessions = sqliteTable(
  'sessions',
  {
    /** Public: shown to its owner, worth nothing as a credential. */
    id: text('id').primaryKey(),
    tokenHash: text('token_hash').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    deviceHash: text('device_hash').notNull(),
    createdAt: time('created_at').notNull(),
    lastSeenAt: time('last_seen_at').notNull(),
    /** Milliseconds of rest after which it ends. */
    idleLifetime: time('idle_lifetime').notNull(),
    expiresAt: time('expires_at').notNull(),
    absoluteExpiresAt: time('absolute_expires_at').notNull(),
    userAgent: text('user_agent').notNull(),
    ip: text('ip').notNull(),
  },
  (table) => [
    uniqueIndex('sessions_token_hash').on(table.tokenHash),
    index('sessions_user_id').on(table.userId, table.createdAt),
    index('sessions_expires_at').on(table.expiresAt),
  ],
)

/** Browsers that have signed in to an account before. */
export const devices = sqliteTable(
  'devices',
  {
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    deviceHash: text('device_hash').notNull(),
    lastSignedInAt: time('last_signed_in_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.deviceHash] }),
    index('devices_last_signed_in_at').on(table.lastSignedInAt),
  ],
)

/** Mail owed. The payload is sealed, and blanked when the mail has gone or is given up. */
export const outbox = sqliteTable(
  'outbox',
  {
    id: text('id').primaryKey(),
    template: text('template').notNull(),
    recipient: text('recipient').notNull(),
    payload: text('payload').notNull(),
    attempts: integer('attempts').notNull(),
    nextAt: time('next_at').notNull(),
    sentAt: time('sent_at'),
    failedAt: time('failed_at'),
    /** Of no use after this: dropped instead of sent. */
    expiresAt: time('expires_at').notNull(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [
    index('outbox_due').on(table.nextAt).where(sql`sent_at is null and failed_at is null`),
    index('outbox_open_expires_at').on(table.expiresAt).where(sql`sent_at is null and failed_at is null`),
    index('outbox_created_at').on(table.createdAt),
  ],
)

/** The embedded mailbox: a few hundred rows, so one index is enough. */
export const messages = sqliteTable(
  'messages',
  {
    id: text('id').primaryKey(),
    recipient: text('recipient').notNull(),
    subject: text('subject').notNull(),
    html: text('html').notNull(),
    text: text('text').notNull(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [index('messages_created_at').on(table.createdAt)],
)

/** Counters. A window starts with its first use; `blocked_until` belongs to the budgets whose waits grow. */
export const limits = sqliteTable(
  'limits',
  {
    key: text('key').primaryKey(),
    count: integer('count').notNull(),
    windowEndsAt: time('window_ends_at').notNull(),
    blockedUntil: time('blocked_until').notNull(),
    /** The first refusal of this window or wait; null when there was none. */
    refusedAt: time('refused_at'),
  },
  (table) => [index('limits_window_ends_at').on(table.windowEndsAt)],
)

/** What happened, to whom, from where, when. Append only. */
export const events = sqliteTable(
  'events',
  {
    id: text('id').primaryKey(),
    type: text('type').notNull(),
    outcome: text('outcome').notNull(),
    userId: text('user_id'),
    emailKey: text('email_key'),
    ip: text('ip').notNull(),
    deviceHash: text('device_hash').notNull(),
    userAgent: text('user_agent').notNull(),
    requestId: text('request_id').notNull(),
    at: time('at').notNull(),
  },
  // The app only writes it: each further index would cost every act a write.
  (table) => [index('events_at').on(table.at)],
)
