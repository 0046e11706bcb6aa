import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'
import { type ParsedMail, parseMail } from './parse-mail.ts'

/** Key and certificate of `localhost` and 127.0.0.1; trusting it is a matter of passing it as `ca`. */
export const CERTIFICATE = readFileSync(new URL('localhost.pem', import.meta.url), 'utf8')

interface Options {
  tls: 'starttls' | 'from the start' | 'none'
  login?: { user: string; password: string }
  refuse?: { at: 'connect' | 'mail from' | 'recipient' | 'data'; responseCode: number; message: string }
}

interface Received {
  from: string
  to: string[]
  secure: boolean
  user: string | undefined
  source: string
  mail: ParsedMail
}

async function read(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

function describe({ envelope, secure, user }: SMTPServerSession, source: string): Received {
  return {
    from: envelope.mailFrom ? envelope.mailFrom.address : '',
    to: envelope.rcptTo.map(({ address }) => address),
    secure,
    user,
    source,
    mail: parseMail(source),
  }
}

/** A real SMTP server on a free port of this machine. `received` fills as mail comes in. */
export async function startSmtpServer({ tls, login, refuse }: Options) {
  const received: Received[] = []
  const answer = (at: NonNullable<Options['refuse']>['at'], done: (error?: Error | null) => void) =>
    refuse?.at === at ? done(Object.assign(new Error(refuse.message), { responseCode: refuse.responseCode })) : done()
  const server = new SMTPServer({
    key: CERTIFICATE,
    cert: CERTIFICATE,
    secure: tls === 'from the start',
    disabledCommands: tls === 'none' ? ['STARTTLS'] : [],
    disableReverseLookup: true,
    authOptional: !login,
    onConnect: (_session, done) => answer('connect', done),
    onMailFrom: (_address, _session, done) => answer('mail from', done),
    onRcptTo: (_address, _session, done) => answer('recipient', done),
    onAuth: ({ username, password }, _session, done) =>
      username === login?.user && password === login?.password
        ? done(null, { user: username })
        : done(Object.assign(new Error('Wrong user or password'), { responseCode: 535 })),
    onData: (stream, session, done) => {
      read(stream).then((source) => {
        if (refuse?.at !== 'data') received.push(describe(session, source))
        answer('data', done)
      }, done)
    },
  })
  // A client that breaks off the handshake is what some tests are about.
  server.on('error', () => undefined)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.server.address() as AddressInfo
  return { port, received, close: () => new Promise<void>((done) => server.close(done)) }
}
