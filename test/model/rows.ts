import { challenges, sessions, users } from '#db/schema/tables'
import type { Hall } from './hall.ts'

/** Everything that the rules are about, in one look. */
export const allRows = ({ deps }: Hall) =>
  deps.db.run(async (tx) => ({
    users: await tx.select().from(users),
    sessions: await tx.select().from(sessions),
    challenges: await tx.select().from(challenges),
  }))
