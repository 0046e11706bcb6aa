import { and, count, eq, isNull } from 'drizzle-orm'
import { type DatabaseLocation, openDatabase, type Tx } from '../db/client.ts'
import { challenges, events, outbox, sessions, users } from '../db/schema/tables.ts'

/** What the app has written down, for races: no answer says how many tries were counted or how often a mail was claimed. */
export interface Records {
  /** Tries that the challenge itself counted. */
  attemptsOf(challengeId: string): Promise<number | undefined>
  /** Answers to challenges of this address that were compared and refused. */
  refusedAnswers(email: string): Promise<number>
  sessionsOf(email: string): Promise<number>
  accountsOf(email: string): Promise<{ pending: number; verified: number }>
  /** Of each mail to this address how often it was claimed; null while one has yet to go. */
  claimsOf(email: string, template?: string): Promise<number[] | null>
  close(): Promise<void>
}

export type Where = DatabaseLocation

/** Opens the database of a running app to read from it. */
export function openRecords(location: Where): Records {
  const db = openDatabase(location)
  const number = (select: (tx: Tx) => Promise<{ number: number }[]>) =>
    db.run(async (tx) => Number((await select(tx))[0]?.number))
  const ofKey = (email: string) => eq(users.emailKey, email.toLowerCase())
  return {
    attemptsOf: (id) =>
      db.run(async (tx) => {
        const rows = await tx.select({ attempts: challenges.attempts }).from(challenges).where(eq(challenges.id, id))
        return rows[0]?.attempts
      }),
    refusedAnswers: (email) =>
      number((tx) =>
        tx
          .select({ number: count() })
          .from(events)
          .where(and(eq(events.type, 'challenge_failed'), eq(events.emailKey, email.toLowerCase()))),
      ),
    sessionsOf: (email) =>
      number((tx) =>
        tx
          .select({ number: count() })
          .from(sessions)
          .innerJoin(users, eq(users.id, sessions.userId))
          .where(ofKey(email)),
      ),
    accountsOf: async (email) => {
      const all = await number((tx) => tx.select({ number: count() }).from(users).where(ofKey(email)))
      const pending = await number((tx) =>
        tx
          .select({ number: count() })
          .from(users)
          .where(and(ofKey(email), isNull(users.verifiedAt))),
      )
      return { pending, verified: all - pending }
    },
    claimsOf: (email, template) =>
      db.run(async (tx) => {
        const rows = await tx
          .select({ attempts: outbox.attempts, sentAt: outbox.sentAt })
          .from(outbox)
          .where(and(eq(outbox.recipient, email), template === undefined ? undefined : eq(outbox.template, template)))
        return rows.some(({ sentAt }) => sentAt === null) ? null : rows.map(({ attempts }) => attempts)
      }),
    close: () => db.close(),
  }
}
