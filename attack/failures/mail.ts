import { apiError, type Mode } from '../../test/mail/resend-server.ts'
import { type AppProcess, appProcess } from '../crash/app-process.ts'
import { Inbox } from '../crash/letters.ts'
import { resendOffice, smtpOffice } from '../crash/post-offices.ts'
import { type Answer, eventually, type FailureCase, median, must, signUp } from './case.ts'

const SIGN_UPS = 15
/** Chance moves a median of fifteen hashes by a tenth or two; a provider that is waited for moves it by seconds. */
const SLOWEST_RATIO = 1.5
/** A hang is cut off after 10 s, then comes the first retry after 5 s, at the next turn of a job that runs every 5 s. */
const ARRIVES_WITHIN_MS = 30_000

const MODES: [name: string, mode: Mode][] = [
  ['mail provider answers 500', apiError(500, 'internal_server_error')],
  ['mail provider answers 429, Retry-After 3', apiError(429, 'rate_limit_exceeded', { 'retry-after': '3' })],
  ['mail provider answers garbage', 'garbage'],
  ['mail provider hangs', 'hang'],
  ['mail provider closes the connection', 'close'],
  ['mail provider redirects', 'redirect'],
]

async function signUps(origin: string): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let count = 0; count < SIGN_UPS; count += 1) answers.push(await signUp(origin))
  return answers
}

const shape = ({ status, text }: Answer) => `${status} ${Object.keys(JSON.parse(text)).join()}`

/** Signs visitors up without and with the failure and compares; then mends it and waits for every letter. */
async function compare(app: AppProcess, inbox: Inbox, fail: () => Promise<void>, mend: () => Promise<void>) {
  const before = await signUps(app.origin)
  await eventually(() => arrived(before, inbox), ARRIVES_WITHIN_MS, 'Mail did not arrive before the failure')
  const said = app.log().length
  await fail()
  const during = await signUps(app.origin)
  const shapes = new Set([...before, ...during].map(shape))
  must(shapes.size === 1 && [...shapes].join().startsWith('202 '), `Answers differ: ${[...shapes].join(' / ')}`)
  const ratio = median(during.map(({ ms }) => ms)) / median(before.map(({ ms }) => ms))
  must(ratio < SLOWEST_RATIO, `Answers took ${ratio.toFixed(2)} times as long.`)
  const logged = () => /A mail did not go|asked us to wait/u.test(app.log().slice(said))
  await eventually(logged, 15_000, 'The log says nothing of it')
  await mend()
  await eventually(() => arrived(during, inbox), ARRIVES_WITHIN_MS, 'Mail was lost')
  must(inbox.repeated === 0, `${inbox.repeated} letters arrived twice.`)
  return `${SIGN_UPS} x 202, ${ratio.toFixed(2)} times the median, every letter once`
}

const arrived = (answers: Answer[], inbox: Inbox) =>
  answers.every(({ email }) => inbox.of(email, 'verify').length === 1)

const provider = ([name, mode]: (typeof MODES)[number]): FailureCase => ({
  name,
  async run() {
    const inbox = new Inbox()
    const office = await resendOffice(inbox)
    const app = await appProcess(office.settings)
    const set = (next: Mode) => async () => {
      office.state.mode = next
    }
    try {
      await app.start().ready
      return await compare(app, inbox, set(mode), set('ok'))
    } finally {
      await app.end()
      await office.close()
    }
  },
})

const smtpDown: FailureCase = {
  name: 'SMTP server down, then up',
  async run() {
    const inbox = new Inbox()
    let office = await smtpOffice(inbox)
    const app = await appProcess(office.settings)
    const reopen = async () => {
      office = await smtpOffice(inbox, office.port)
    }
    try {
      await app.start().ready
      return await compare(app, inbox, () => office.close(), reopen)
    } finally {
      await app.end()
      await office.close()
    }
  },
}

export const MAIL_FAILURES: FailureCase[] = [...MODES.map(provider), smtpDown]
