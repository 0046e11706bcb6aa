import * as postgres from './postgres.ts'
import * as sqlite from './sqlite.ts'

/** Which of the two databases this process speaks to. It cannot change while it runs. */
export const dialect: 'postgres' | 'sqlite' = /^postgres(ql)?:/u.test(process.env.DATABASE_URL ?? '')
  ? 'postgres'
  : 'sqlite'

// Typed as Postgres, the stricter of the two; parity.test.ts holds the other to the same columns and row types.
const tables = (dialect === 'postgres' ? postgres : sqlite) as typeof postgres

export const { users, challenges, sessions, devices, outbox, messages, limits, events } = tables
