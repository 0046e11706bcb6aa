import type { Db } from '#db/client'
import {
  deleteAllMessages,
  deleteOldestMessages,
  insertMessage,
  type MessageRow,
  selectMessage,
  selectMessages,
} from '#db/queries/messages'
import type { MailSender } from './sender.ts'

/** Enough for an afternoon of trying things out; the mailbox is no archive. */
const KEEP = 500

/** One mail as /mailbox shows it. `createdAt` is epoch milliseconds. */
export interface MailboxMessage {
  id: string
  to: string
  subject: string
  html: string
  text: string
  createdAt: number
}

const toMessage = ({ recipient, ...row }: MessageRow): MailboxMessage => ({ ...row, to: recipient })

/** The embedded mailbox: nothing leaves this machine, and whoever can open /mailbox reads all of it. */
export function mailboxSender(db: Db, now: () => number): MailSender {
  return {
    transport: 'mailbox',
    async send({ to, ...mail }) {
      try {
        await db.run(async (tx) => {
          await insertMessage(tx, { ...mail, recipient: to, createdAt: now() })
          await deleteOldestMessages(tx, KEEP)
        })
        return { ok: true }
      } catch {
        return { ok: false, retry: true, reason: 'the mailbox could not be written' }
      }
    },
  }
}

/** Newest first; all of it, or the mail to one address. */
export async function readMailbox(db: Db, to?: string): Promise<MailboxMessage[]> {
  // Postgres refuses a statement with NUL in a text, and no address has one.
  if (to?.includes('\0')) return []
  return (await db.read((tx) => selectMessages(tx, to))).map(toMessage)
}

/** Null when there is none (any more). */
export async function readMessage(db: Db, id: string): Promise<MailboxMessage | null> {
  const row = await db.read((tx) => selectMessage(tx, id))
  return row && toMessage(row)
}

export async function emptyMailbox(db: Db): Promise<void> {
  await db.run(deleteAllMessages)
}
