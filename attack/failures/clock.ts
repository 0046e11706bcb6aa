import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ApiClient } from '../../e2e/api-client.ts'
import { apiError } from '../../test/mail/resend-server.ts'
import { type AppProcess, appProcess } from '../crash/app-process.ts'
import { Inbox } from '../crash/letters.ts'
import { resendOffice } from '../crash/post-offices.ts'
import { eventually, type FailureCase, must, signUp } from './case.ts'
import { member, signIn } from './member.ts'

const YEAR_MS = 365 * 24 * 60 * 60 * 1000
/** The sender job looks every five seconds. */
const NOTICED_WITHIN_MS = 15_000
/** The fifth failure earns 30 s, and what is refused meanwhile earns no more. Without the mending it would be a year. */
const LONGEST_WAIT_SECONDS = 30
const WRONG_PASSWORDS = 8

type Office = Awaited<ReturnType<typeof resendOffice>>

const isSignedIn = async (client: ApiClient) => (await client.call('/auth/session')).status === 200

/** Whose sign-ins strangers fail until there is a wait. */
async function lockOut(app: AppProcess, email: string): Promise<void> {
  for (let count = 0; count < WRONG_PASSWORDS; count += 1) await signIn(app, email, 'not the password')
}

async function whileAhead(app: AppProcess, inbox: Inbox, office: Office, before: { email: string; client: ApiClient }) {
  await eventually(
    () => app.log().includes('The clock was set forward'),
    NOTICED_WITHIN_MS,
    'The log says nothing of it',
  )
  must(!(await isSignedIn(before.client)), 'A session outlived a year.')
  const during = await member(app, inbox)
  must(await isSignedIn(during.client), 'Nobody could sign in while the clock was ahead.')
  await lockOut(app, before.email)
  office.state.mode = apiError(500, 'internal_server_error')
  const owed = await signUp(app.origin)
  await eventually(() => app.log().includes('A mail did not go'), NOTICED_WITHIN_MS, 'The mail was not tried')
  return { during, owed }
}

const clockSet: FailureCase = {
  name: 'clock set a year forward, then right again',
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'vestibule-clock-'))
    const file = join(folder, 'shift')
    const setAhead = (milliseconds: number) => writeFileSync(file, String(milliseconds))
    setAhead(0)
    const inbox = new Inbox()
    const office = await resendOffice(inbox)
    const preload = pathToFileURL(join(import.meta.dirname, 'shifted-clock.ts')).href
    const clock = { NODE_OPTIONS: `--import=${preload}`, CLOCK_SHIFT_FILE: file }
    // One and not more: with any other the waits would be gone before they are looked at.
    const app = await appProcess({ ...office.settings, ...clock, LIMIT_SCALE: '1' })
    try {
      await app.start().ready
      const before = await member(app, inbox)
      setAhead(YEAR_MS)
      const { during, owed } = await whileAhead(app, inbox, office, before)
      setAhead(0)
      office.state.mode = 'ok'
      await eventually(
        () => app.log().includes('The clock was set back'),
        NOTICED_WITHIN_MS,
        'The log says nothing of it',
      )
      must(!(await isSignedIn(during.client)), 'A session that began in a year is good now.')
      must(await isSignedIn(before.client), 'A session that was right is gone.')
      const signin = await signIn(app, before.email)
      const seconds = Number(signin.headers.get('retry-after') ?? 0)
      must(signin.status === 429 && seconds <= LONGEST_WAIT_SECONDS, `An owner waits ${seconds} s (${signin.status}).`)
      await eventually(() => inbox.of(owed.email, 'verify').length === 1, NOTICED_WITHIN_MS, 'Mail was lost')
      await member(app, inbox)
      return `session of then ended, the one of before is back; ${seconds} s left to wait; the mail owed went`
    } finally {
      await app.end()
      await office.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

export const CLOCK_FAILURES = [clockSet]
