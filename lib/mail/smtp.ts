import { isIPv4 } from 'node:net'
import { createTransport } from 'nodemailer'
import { letterHeaders } from './headers.ts'
import { reasonForLog } from './reason.ts'
import type { Delivery, MailSender } from './sender.ts'

/** Of one send as a whole. */
const TIMEOUT_MS = 10_000

interface SmtpSettings {
  /** smtp:// (STARTTLS) or smtps:// (TLS from the first byte), with user and password. */
  url: string
  from: string
  /** PEM of a private authority. With one, certificates are checked on this machine too. */
  ca?: string
  timeoutMs?: number
}

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'))

/** What the URL says, with the rules for reaching a server: encrypted and checked unless the mail stays on this machine. */
export function smtpOptions({ url, ca, timeoutMs = TIMEOUT_MS }: Omit<SmtpSettings, 'from'>) {
  const { protocol, hostname, port, username, password } = new URL(url)
  const host = hostname.replace(/^\[|\]$/gu, '')
  const secure = protocol === 'smtps:'
  const trusted = isLoopback(host) && ca === undefined
  return {
    host,
    port: Number(port) || (secure ? 465 : 587),
    secure,
    // Without it an attacker in between strikes STARTTLS from the greeting and reads code and password.
    requireTLS: !secure && !trusted,
    tls: { rejectUnauthorized: !trusted, ...(ca !== undefined && { ca }) },
    ...(username && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    // For each step; the signal of the send is for all of them together.
    dnsTimeout: timeoutMs,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

interface SmtpError {
  /** Nodemailer's name for the kind of error. */
  code?: string
  /** What the server answered, if it did. */
  responseCode?: number
  response?: string
  message: string
}

/** "Commands out of order", "log in first", "encrypt first": said of the session, in the place where a mail is refused. */
const ABOUT_THE_SESSION = new Set([503, 530])

/**
 * A 5xx to the mail itself is final, and so is an address that cannot be put into a command. A refusal of the greeting, of
 * TLS or of the password is ours to mend, and everything else a matter of time: the mail waits.
 */
function isPermanent({ code, responseCode }: SmtpError): boolean {
  if (code !== 'EENVELOPE' && code !== 'EMESSAGE') return false
  return responseCode === undefined || (responseCode >= 500 && !ABOUT_THE_SESSION.has(responseCode))
}

function toFailure(error: SmtpError): Delivery {
  const reason = reasonForLog(`${error.code ?? 'error'} ${error.response ?? error.message}`)
  return { ok: false, retry: !isPermanent(error), reason }
}

const hostOf = (from: string) => from.slice(from.lastIndexOf('@') + 1).replace(/>.*$/u, '')

/** Sends through any SMTP server, with one connection for each mail. */
export function smtpSender(settings: SmtpSettings): MailSender {
  const transport = createTransport(smtpOptions(settings))
  return {
    transport: 'smtp',
    async send({ id, to, subject, html, text }) {
      try {
        await transport.sendMail({
          from: settings.from,
          // An object is one recipient; a string would be parsed, and a comma in it would make two.
          to: { name: '', address: to },
          subject,
          html,
          text,
          headers: letterHeaders(id),
          // The same for every try, so that a server or a reader can tell a repetition.
          messageId: `<${id}@${hostOf(settings.from)}>`,
          signal: AbortSignal.timeout(settings.timeoutMs ?? TIMEOUT_MS),
        })
        return { ok: true }
      } catch (error) {
        return toFailure(error as SmtpError)
      }
    },
  }
}
