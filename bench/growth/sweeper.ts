/** Runs the real job whenever its parent says `go`, until it says `stop`. */
import { count } from 'drizzle-orm'
import type { DatabaseLocation } from '../../db/client.ts'
import { challenges, devices, limits, outbox, sessions, users } from '../../db/schema/tables.ts'
import { deleteExpired } from '../../lib/jobs/delete-expired.ts'
import { grownApp } from './app.ts'

export type ToSweeper = { location: DatabaseLocation } | 'go' | 'stop' | 'count'
export type FromSweeper =
  /** Rows deleted so far; `done` once the job ended by itself. */
  | { deleted: number; done: boolean }
  /** Rows of each table that are left. */
  | { left: Record<string, number> }

/** Longer than the rows of rows.ts go back. */
const EVENTS_KEPT_MS = 400 * 24 * 3_600_000

let app: ReturnType<typeof grownApp> | undefined
let deleted = 0
let stopping = new AbortController()

const answer = (message: FromSweeper) => void process.send?.(message)
const info = (details: object) => {
  deleted += (details as { deleted: number }).deleted
}
const log = { info, warn: console.warn, error: console.error }

async function go({ db, now }: ReturnType<typeof grownApp>) {
  stopping = new AbortController()
  await deleteExpired({ db, now, settled: now, eventsKept: EVENTS_KEPT_MS, log }, stopping.signal)
  answer({ deleted, done: !stopping.signal.aborted })
}

async function countRows({ db }: ReturnType<typeof grownApp>) {
  const left: Record<string, number> = {}
  for (const [name, table] of Object.entries({ challenges, devices, limits, outbox, sessions, users })) {
    const [row] = await db.run((tx) => tx.select({ rows: count() }).from(table))
    left[name] = Number(row?.rows)
  }
  answer({ left })
}

process.on('message', (message: ToSweeper) => {
  if (typeof message === 'object') app = grownApp(message.location)
  else if (!app) throw new Error('Nobody said where the database is.')
  else if (message === 'go') void go(app)
  else if (message === 'count') void countRows(app)
  else stopping.abort()
})
