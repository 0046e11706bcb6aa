import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { parseMail } from '../../test/mail/parse-mail.ts'
import { startResendServer } from '../../test/mail/resend-server.ts'
import type { Inbox } from './letters.ts'

const MAIL_FROM = 'Vestibule <no-reply@example.com>'

/** Somewhere to send to: the settings that lead the app there. */
export interface PostOffice {
  settings: Record<string, string>
  close(): Promise<void>
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

/** A real SMTP server. It accepts everything, and files each mail under its Message-ID. `port` 0 is any free one. */
export async function smtpOffice(inbox: Inbox, port = 0): Promise<PostOffice & { port: number }> {
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    onData: (stream, session, done) => {
      textOf(stream).then((source) => {
        const { headers, text } = parseMail(source)
        const to = session.envelope.rcptTo[0]?.address ?? ''
        inbox.receive({ id: headers.get('message-id') ?? '', to, subject: headers.get('subject') ?? '', text })
        done()
      }, done)
    },
  })
  // A client that is killed in the middle of a conversation is what this is about.
  server.on('error', () => undefined)
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
  const taken = (server.server.address() as AddressInfo).port
  return {
    port: taken,
    settings: { MAIL_URL: `smtp://127.0.0.1:${taken}`, MAIL_FROM },
    close: () => new Promise((closed) => server.close(closed)),
  }
}

/** Speaks Resend's API and honours the idempotency key: the mail of a key that is known is not sent again. */
export async function resendOffice(inbox: Inbox) {
  const server = await startResendServer()
  const known = server.sent.set.bind(server.sent)
  // The server files a mail here once per key, which is the moment it would go out.
  server.sent.set = (id, email) => {
    inbox.receive({ id, to: email.to, subject: email.subject, text: email.text })
    return known(id, email)
  }
  const { state, requests, close } = server
  const settings = { MAIL_URL: 'resend:', RESEND_API_KEY: 're_attack', RESEND_BASE_URL: server.baseUrl, MAIL_FROM }
  return { settings, state, requests, close }
}
