import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import { parseMail } from '../../test/mail/parse-mail.ts'
import { startResendServer } from '../../test/mail/resend-server.ts'
import { challengeIn } from '../api-client.ts'
import type { ReadMail } from '../whole-story.ts'

const MAIL_FROM = 'Vestibule <no-reply@example.com>'
const ARRIVES_WITHIN_MS = 15_000

interface Letter {
  id: string
  to: string
  text: string
}

/** Somewhere to send to, which can be told to refuse every letter and to quote it, and the key, as it does. */
export interface PostOffice {
  settings: Record<string, string>
  /** What lets the app in there. */
  key: string
  state: { refuses: boolean }
  read: ReadMail
  close(): Promise<void>
}

const hasChallenge = ({ text }: { text: string }) => text.includes('#c=')

/** Waits for a letter with a challenge: also one that was refused. */
const reader =
  (letters: () => Letter[]): ReadMail =>
  async (email, after) => {
    for (const until = Date.now() + ARRIVES_WITHIN_MS; Date.now() < until; await wait(20)) {
      const letter = letters().findLast((each) => each.to === email && hasChallenge(each))
      if (letter && letter.id !== after?.id) return challengeIn(letter)
    }
    throw new Error(`No letter to ${email} arrived.`)
  }

/** Short enough to reach the log whole. News, which may still be on its way, has no secret to quote. */
function quoted(letter: { text: string }, key: string): string {
  if (!hasChallenge(letter)) return `cannot deliver for ${key}`
  const { code, linkToken } = challengeIn(letter)
  return `cannot deliver ${code} ${linkToken} for ${key}`
}

/** An SMTP server that wants a password. */
export async function smtpOffice(): Promise<PostOffice> {
  const [letters, state, key] = [[] as Letter[], { refuses: false }, 'canary-password-of-smtp-server']
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth: ({ password = '' }, _session, done) =>
      password === key ? done(null, { user: 'ann' }) : done(new Error('Wrong user or password')),
    onData: async (stream, session, done) => {
      const { headers, text } = parseMail(Buffer.concat(await stream.toArray()).toString('utf8'))
      const to = session.envelope.rcptTo[0]?.address ?? ''
      letters.push({ id: headers.get('message-id') ?? '', to, text })
      done(state.refuses ? Object.assign(new Error(quoted({ text }, key)), { responseCode: 451 }) : null)
    },
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.server.address() as AddressInfo
  const settings = { MAIL_URL: `smtp://ann:${key}@127.0.0.1:${port}`, MAIL_FROM }
  const close = () => new Promise<void>((closed) => server.close(closed))
  return { settings, key, state, read: reader(() => letters), close }
}

/** Speaks Resend's API. */
export async function resendOffice(): Promise<PostOffice> {
  const key = 're_canary_key_of_the_mail_provider'
  const { baseUrl, requests, state: answering, close } = await startResendServer()
  const letters = () => requests.map(({ idempotencyKey: id = '', email: { to, text } }) => ({ id, to, text }))
  const body = {
    // Asked for as the answer is written: it quotes the letter that it refuses.
    toJSON: () => ({
      statusCode: 500,
      name: 'application_error',
      message: quoted(letters().at(-1) ?? { text: '' }, requests.at(-1)?.authorization ?? ''),
    }),
  }
  const state = {
    get refuses() {
      return answering.mode !== 'ok'
    },
    set refuses(refuses) {
      answering.mode = refuses ? { status: 500, body } : 'ok'
    },
  }
  const settings = { MAIL_URL: 'resend:', RESEND_API_KEY: key, RESEND_BASE_URL: baseUrl, MAIL_FROM }
  return { settings, key, state, read: reader(letters), close }
}
