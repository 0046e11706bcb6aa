import { createTransport } from 'nodemailer'
import type { Env } from '#lib/env'
import { reasonForLog } from '#lib/mail/reason'
import { smtpOptions } from '#lib/mail/smtp'
import { checkResend } from './check-resend.ts'
import { type Finding, findingsOf } from './finding.ts'

const { ok, wrong } = findingsOf('mail')

/** Whether the transport would take mail. Sends none. */
export async function checkMail({ mail, mailFrom }: Pick<Env, 'mail' | 'mailFrom'>): Promise<Finding[]> {
  if (mail.kind === 'mailbox') return [ok('No real mail is sent: /mailbox shows it. MAIL_URL changes that.')]
  if (mail.kind === 'resend') return [await checkResend(mail, mailFrom)]
  return [await checkSmtp(mail.url)]
}

/** What to look at, by nodemailer's name for the kind of error. */
const MEND: Record<string, string> = {
  EAUTH: 'look at user and password in MAIL_URL, which are percent-encoded',
  ETLS: 'MAIL_URL needs a server that speaks STARTTLS (smtp://), or smtps://',
  EDNS: 'look at the host in MAIL_URL',
}
const ELSE = 'look at host and port in MAIL_URL, the certificate of that server, and the firewall'

/** Connects, encrypts, and signs in where MAIL_URL has a user, as a send would; then leaves. */
async function checkSmtp(url: string): Promise<Finding> {
  const options = smtpOptions({ url })
  const transport = createTransport(options)
  const server = `${options.host}:${options.port}`
  try {
    await transport.verify()
    const encrypted = options.secure || options.requireTLS ? 'by TLS' : 'on this machine'
    return ok(`${server} is reached ${encrypted}${options.auth ? ' and takes the password' : ', without a password'}.`)
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string }
    return wrong(`${server} does not take mail (${reasonForLog(`${code} ${message}`)}): ${MEND[code] ?? ELSE}.`)
  } finally {
    transport.close()
  }
}
