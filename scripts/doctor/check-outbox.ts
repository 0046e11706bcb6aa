import { and, count, isNotNull, isNull, min, ne } from 'drizzle-orm'
import type { Database } from '#db/client'
import { outbox } from '#db/schema/tables'
import { type Finding, findingsOf } from './finding.ts'

const { ok, warning } = findingsOf('outbox')
/** The sender looks every five seconds and lends a mail for a minute at most. */
const LATE_MS = 2 * 60_000
/** By then a mail was tried three times. */
const LONG_WAIT_MS = 5 * 60_000
const minutes = (milliseconds: number) => `${Math.round(milliseconds / 60_000)} min`

/** Mail that is owed, and mail that was given up; decoys, which are addressed to nobody, aside. */
export async function checkOutbox(db: Database, now: number): Promise<Finding[]> {
  const toSomebody = ne(outbox.recipient, '')
  const owed = and(toSomebody, isNull(outbox.sentAt), isNull(outbox.failedAt))
  const [waiting] = await db.run((tx) =>
    tx
      .select({ mails: count(), oldest: min(outbox.createdAt), due: min(outbox.nextAt) })
      .from(outbox)
      .where(owed),
  )
  const [parked] = await db.run((tx) =>
    tx
      .select({ mails: count() })
      .from(outbox)
      .where(and(toSomebody, isNotNull(outbox.failedAt))),
  )
  const [mails, oldest, due] = [waiting?.mails ?? 0, now - (waiting?.oldest ?? now), now - (waiting?.due ?? now)]
  const findings: Finding[] = []
  if (due > LATE_MS)
    findings.push(
      warning(
        `Nobody sends: a mail was due ${minutes(due)} ago. Start Vestibule, or look for "A job failed" in its log.`,
      ),
    )
  else if (oldest > LONG_WAIT_MS)
    findings.push(
      warning(`${mails} mails wait, the oldest for ${minutes(oldest)}: "A mail did not go" in the log says why.`),
    )
  if (parked && parked.mails > 0)
    findings.push(
      warning(
        `${parked.mails} mails of the last 7 days were given up: "A mail was" in the log says why; nothing resends them.`,
      ),
    )
  return findings.length > 0 ? findings : [ok(mails === 0 ? 'No mail waits.' : `${mails} mails wait, none for long.`)]
}
