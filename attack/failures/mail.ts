import { setTimeout as wait } from 'node:timers/promises'
import { apiError, type Mode } from '../../test/mail/resend-server.ts'
import { type AppProcess, appProcess } from '../crash/app-process.ts'
import { Inbox } from '../crash/letters.ts'
import { resendOffice, smtpOffice } from '../crash/post-offices.ts'
import { type Answer, eventually, type FailureCase, median, must, signUp } from './case.ts'

const SIGN_UPS = 15
/** Chance moves a median of fifteen pairs by a tenth or two; a provider that is waited for moves it by seconds. */
const SLOWEST_RATIO = 1.5
/** A hang is cut off after 10 s; on a slow machine a letter has failed twice by then, and waits 30 s for its third try. */
const ARRIVES_WITHIN_MS = 60_000
/** How long the SMTP server stays away after the sign-ups. The waits between tries grow with it, and so does the arrival. */
const SMTP_AWAY_MS = Number(process.env.ATTACK_SMTP_AWAY_SECONDS ?? 0) * 1000

const MODES: [name: string, mode: Mode][] = [
  ['mail provider answers 500', apiError(500, 'internal_server_error')],
  ['mail provider answers 429, Retry-After 3', apiError(429, 'rate_limit_exceeded', { 'retry-after': '3' })],
  ['mail provider answers garbage', 'garbage'],
  ['mail provider hangs', 'hang'],
  ['mail provider closes the connection', 'close'],
  ['mail provider redirects', 'redirect'],
]

/** Pairs, one at the app and one at its twin whose mail goes, first the one and then the other: what slows this machine slows both. */
async function inTurns(app: AppProcess, twin: AppProcess): Promise<{ failing: Answer[]; fair: Answer[] }> {
  const [failing, fair]: [Answer[], Answer[]] = [[], []]
  for (let count = 0; count < SIGN_UPS; count += 1) {
    const first = count % 2 === 0 ? await signUp(twin.origin) : await signUp(app.origin)
    const second = count % 2 === 0 ? await signUp(app.origin) : await signUp(twin.origin)
    const [there, here] = count % 2 === 0 ? [first, second] : [second, first]
    fair.push(there)
    failing.push(here)
  }
  return { failing, fair }
}

const shape = ({ status, text }: Answer) => `${status} ${Object.keys(JSON.parse(text)).join()}`

interface Stage {
  settings: Record<string, string>
  inbox: Inbox
  fail(): Promise<void>
  mend(): Promise<void>
}

/** Signs visitors up with the failure and without, and compares; then mends it and waits for every letter. */
async function compare(app: AppProcess, twin: AppProcess, { inbox, fail, mend }: Stage): Promise<string> {
  for (const { origin } of [app, twin]) await signUp(origin)
  await fail()
  const { failing, fair } = await inTurns(app, twin)
  const shapes = new Set([...failing, ...fair].map(shape))
  must(shapes.size === 1 && [...shapes].join().startsWith('202 '), `Answers differ: ${[...shapes].join(' / ')}`)
  const ratio = median(failing.map(({ ms }, pair) => ms / (fair[pair]?.ms ?? Number.NaN)))
  must(ratio < SLOWEST_RATIO, `Answers took ${ratio.toFixed(2)} times as long.`)
  const logged = () => /A mail did not go|asked us to wait/u.test(app.log())
  await eventually(logged, 15_000, 'The log says nothing of it')
  await mend()
  await eventually(() => arrived(failing, inbox), ARRIVES_WITHIN_MS + SMTP_AWAY_MS, 'Mail was lost')
  must(inbox.repeated === 0, `${inbox.repeated} letters arrived twice.`)
  return `${SIGN_UPS} x 202, ${ratio.toFixed(2)} times its twin at the median, every letter once`
}

async function onStage(stage: Stage): Promise<string> {
  const app = await appProcess(stage.settings)
  const twin = await appProcess({ MAIL_URL: 'mailbox:' })
  try {
    await Promise.all([app.start().ready, twin.start().ready])
    return await compare(app, twin, stage)
  } finally {
    await Promise.all([app.end(), twin.end()])
  }
}

const arrived = (answers: Answer[], inbox: Inbox) =>
  answers.every(({ email }) => inbox.of(email, 'verify').length === 1)

const provider = ([name, mode]: (typeof MODES)[number]): FailureCase => ({
  name,
  async run() {
    const inbox = new Inbox()
    const { settings, state, close } = await resendOffice(inbox)
    const set = (next: Mode) => async () => {
      state.mode = next
    }
    return await onStage({ settings, inbox, fail: set(mode), mend: set('ok') }).finally(close)
  },
})

const smtpDown: FailureCase = {
  name: 'SMTP server down, then up',
  async run() {
    const inbox = new Inbox()
    let office = await smtpOffice(inbox)
    const mend = async () => {
      await wait(SMTP_AWAY_MS)
      office = await smtpOffice(inbox, office.port)
    }
    const stage = { settings: office.settings, inbox, fail: () => office.close(), mend }
    return await onStage(stage).finally(() => office.close())
  },
}

export const MAIL_FAILURES: FailureCase[] = [...MODES.map(provider), smtpDown]
