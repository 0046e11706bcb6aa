import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { type AppProcess, appProcess } from '../crash/app-process.ts'
import { Inbox } from '../crash/letters.ts'
import { resendOffice } from '../crash/post-offices.ts'
import { eventually, type FailureCase, must, mustRefuseForNow } from './case.ts'
import { member, signIn } from './member.ts'

/** A password at cost 12 takes three times as long. */
const END_EVERY_MS = 100
const DEATHS = 5
/** More than an account has failed sign-ins without a wait. */
const REFUSALS = 8
const WITHIN_MS = 120_000

const deaths = (app: AppProcess) => app.log().split('a hash thread died').length - 1
const endThreads = (app: AppProcess) => process.kill(app.pid(), 'SIGURG')

/** One end under each sign-in, until so many have met a password. */
async function endOnceEach(app: AppProcess, email: string): Promise<void> {
  const oneMore = async () => {
    const answer = signIn(app, email)
    await wait(END_EVERY_MS)
    endThreads(app)
    const { status } = await answer
    must(status === 200, `A thread died, and a sign-in answered ${status}.`)
    return deaths(app) >= DEATHS
  }
  await eventually(oneMore, WITHIN_MS, `${DEATHS} threads were to die at work`)
}

/** None lives long enough for a password, until so many sign-ins in a row were refused. */
async function endAgainAndAgain(app: AppProcess, email: string): Promise<void> {
  const ending = setInterval(() => endThreads(app), END_EVERY_MS)
  let inARow = 0
  const oneMore = async () => {
    const answer = await signIn(app, email)
    if (answer.status !== 200) mustRefuseForNow(answer)
    inARow = answer.status === 200 ? 0 : inARow + 1
    return inARow >= REFUSALS
  }
  await eventually(oneMore, WITHIN_MS, 'Passwords were compared by threads that die').finally(() =>
    clearInterval(ending),
  )
}

const threadsEnded: FailureCase = {
  name: 'hash threads end while they hash',
  async run() {
    const inbox = new Inbox()
    const office = await resendOffice(inbox)
    const preload = pathToFileURL(join(import.meta.dirname, 'ended-threads.ts')).href
    // Limits as people meet them: what a failure costs is to be seen.
    // One thread: the second of two that end together would be a second death.
    const settings = { NODE_OPTIONS: `--import=${preload}`, BCRYPT_COST: '12', HASH_THREADS: '1', LIMIT_SCALE: '1' }
    const app = await appProcess({ ...office.settings, ...settings })
    try {
      await app.start().ready
      const { email } = await member(app, inbox)
      await endOnceEach(app, email)
      const once = deaths(app)
      await endAgainAndAgain(app, email)
      const { status } = await signIn(app, email)
      must(status === 200, `Threads live again, and a sign-in answered ${status}.`)
      return `200 under one death each (${once}); ${REFUSALS} x 503 in a row under ${deaths(app) - once} more, then 200: none counted`
    } finally {
      await app.end()
      await office.close()
    }
  },
}

export const THREAD_FAILURES = [threadsEnded]
