import { compare, hash } from 'bcryptjs'
import { betterAuth } from 'better-auth'
import Database from 'better-sqlite3'

const COST = 12

/** As the guide shows it for another hash than the default scrypt. */
const bcrypt = {
  hash: (password: string) => hash(password, COST),
  verify: ({ hash: stored, password }: { hash: string; password: string }) => compare(password, stored),
}

function openDatabase() {
  // `next build` loads this file too, in several processes; only a server is given a place for its data.
  const database = new Database(process.env.PEER_DATABASE ?? ':memory:')
  // What Vestibule asks of SQLite, so that a commit costs both the same.
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  return database
}

export const auth = betterAuth({
  database: openDatabase(),
  secret: process.env.BETTER_AUTH_SECRET ?? 'only-while-it-is-being-built-0123456789',
  ...(process.env.BETTER_AUTH_URL && { baseURL: process.env.BETTER_AUTH_URL }),
  emailAndPassword: {
    enabled: true,
    requireEmailVerification: false,
    ...(process.env.PEER_HASH === 'bcryptjs' && { password: bcrypt }),
  },
  rateLimit: { enabled: false },
  // Off, every check asks the database, as ours does; on, a signed cookie answers for five minutes, revoked or not.
  session: { cookieCache: { enabled: process.env.PEER_COOKIE_CACHE === '1', maxAge: 5 * 60 } },
  telemetry: { enabled: false },
  logger: { level: 'error' },
})
