import Sqlite from 'better-sqlite3'

/** How many of each were ended. */
export interface Ended {
  sessions: number
  challenges: number
  mails: number
}

/**
 * A backup does not know what came after it: who signed out, which code was used, which mail has gone. Living again, each
 * would be a way in or a second letter, so all of them end.
 */
export function endWhatMayHaveEnded(file: string, now: number): Ended {
  const connection = new Sqlite(file, { fileMustExist: true })
  try {
    // Also from the free pages, so that nothing of them can be read out of the file.
    connection.pragma('secure_delete = ON')
    const run = (statement: string, ...values: number[]) => connection.prepare(statement).run(...values).changes
    const end = connection.transaction(() => ({
      sessions: run('DELETE FROM sessions'),
      challenges: run('DELETE FROM challenges'),
      mails: run("UPDATE outbox SET failed_at = ?, payload = '' WHERE sent_at IS NULL AND failed_at IS NULL", now),
    }))
    const ended = end.immediate()
    connection.pragma('journal_mode = DELETE')
    return ended
  } finally {
    connection.close()
  }
}
