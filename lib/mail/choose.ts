import type { Db } from '#db/client'
import { mailboxSender } from './mailbox.ts'
import { resendSender } from './resend.ts'
import type { MailSender } from './sender.ts'
import { smtpSender } from './smtp.ts'

/** `from` is an address, with or without a name before it. */
export type MailSettings = { from: string } & (
  | { kind: 'mailbox' }
  | { kind: 'resend'; apiKey: string; baseUrl?: string }
  | { kind: 'smtp'; url: string }
)

/** The transport the settings ask for. */
export function mailSender(mail: MailSettings, db: Db, now: () => number): MailSender {
  switch (mail.kind) {
    case 'mailbox':
      return mailboxSender(db, now)
    case 'resend':
      return resendSender(mail)
    case 'smtp':
      return smtpSender(mail)
  }
}
