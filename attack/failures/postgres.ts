import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { appProcess } from '../crash/app-process.ts'
import { Inbox } from '../crash/letters.ts'
import { resendOffice } from '../crash/post-offices.ts'
import { type Answer, eventually, type FailureCase, must, mustRefuseForNow, signUp } from './case.ts'
import { type RestartablePostgres, restartablePostgres } from './restartable-postgres.ts'
import { fillDisk, onSmallDisk } from './small-disk.ts'

const AWAY_MS = 3_000
/** A new cluster, its log of writes, and room to work in. */
const DISK_BYTES = 128 * 1024 * 1024
/** The app waits five seconds for a connection and five for a statement. */
const ANSWERS_WITHIN_MS = 13_000

async function withApp(
  work: (origin: string, inbox: Inbox, postgres: RestartablePostgres, log: () => string) => Promise<string>,
) {
  const postgres = await restartablePostgres()
  const inbox = new Inbox()
  const office = await resendOffice(inbox)
  const app = await appProcess({ ...office.settings, DATABASE_URL: postgres.url })
  try {
    await app.start().ready
    return await work(app.origin, inbox, postgres, app.log)
  } finally {
    await app.end()
    await office.close()
    await postgres.remove()
  }
}

const arrived = (answers: Answer[], inbox: Inbox) =>
  answers.filter(({ status }) => status === 202).every(({ email }) => inbox.of(email, 'verify').length === 1)

/** Sign-ups at four doors for as long as `meanwhile` takes: every answer is 202 or a clear "not now". */
async function underLoad(origin: string, meanwhile: () => Promise<void>): Promise<Answer[]> {
  const answers: Answer[] = []
  let over = false
  const door = async () => {
    while (!over) answers.push(await signUp(origin))
  }
  const doors = [door(), door(), door(), door()]
  await meanwhile()
  over = true
  await Promise.all(doors)
  for (const answer of answers) if (answer.status !== 202) mustRefuseForNow(answer)
  return answers
}

async function summary(origin: string, inbox: Inbox, answers: Answer[], log: () => string): Promise<string> {
  const refused = answers.filter(({ status }) => status === 503)
  must(refused.length > 0, 'Nothing was refused: the failure did not reach the app.')
  await eventually(() => log().includes('request failed'), 5_000, 'The log says nothing of it')
  await eventually(async () => (await signUp(origin)).status === 202, 10_000, 'It did not recover')
  await eventually(() => arrived(answers, inbox), 75_000, 'Mail of an accepted sign-up was lost')
  const slowest = Math.max(...refused.map(({ ms }) => ms))
  must(slowest < ANSWERS_WITHIN_MS, `A 503 took ${Math.round(slowest)} ms.`)
  return `${answers.length - refused.length} x 202, ${refused.length} x 503 within ${(slowest / 1000).toFixed(1)} s, all mail arrived`
}

const restarted: FailureCase = {
  name: 'Postgres stopped and started under load',
  run: () =>
    withApp(async (origin, inbox, postgres, log) => {
      const answers = await underLoad(origin, async () => {
        await wait(1_000)
        await postgres.stop()
        await wait(AWAY_MS)
        await postgres.start()
        await wait(AWAY_MS)
      })
      return await summary(origin, inbox, answers, log)
    }),
}

const frozen: FailureCase = {
  name: 'Postgres frozen under load',
  run: () =>
    withApp(async (origin, inbox, postgres, log) => {
      const answers = await underLoad(origin, async () => {
        await wait(1_000)
        const letGoOn = postgres.freeze()
        await wait(2 * ANSWERS_WITHIN_MS)
        letGoOn()
        await wait(AWAY_MS)
      })
      return await summary(origin, inbox, answers, log)
    }),
}

/** As after a takeover: every connection leads to a server that takes no writes, and goes on doing so once new ones do not. */
const readOnly: FailureCase = {
  name: 'Postgres takes no writes, as after a takeover',
  run: () =>
    withApp(async (origin, inbox, postgres, log) => {
      const answers = await underLoad(origin, async () => {
        await wait(1_000)
        await postgres.tell('ALTER DATABASE postgres SET default_transaction_read_only = on')
        await postgres.endConnections()
        await wait(AWAY_MS)
        must((await fetch(`${origin}/health`)).ok, 'Nothing can be read any more.')
        await postgres.tell('ALTER DATABASE postgres RESET default_transaction_read_only')
        await wait(AWAY_MS)
      })
      must(log().includes('read-only transaction'), 'Nothing was refused for being a write.')
      return await summary(origin, inbox, answers, log)
    }),
}

const diskFull: FailureCase = {
  name: 'Postgres: disk full under load',
  run: () =>
    onSmallDisk(DISK_BYTES, (folder) =>
      withApp(async (origin, inbox, postgres, log) => {
        await postgres.stop()
        postgres.moveTo(folder)
        await postgres.start()
        await eventually(async () => (await signUp(origin)).status === 202, 10_000, 'It did not come back')
        const ballast = join(folder, 'ballast')
        const answers = await underLoad(origin, async () => {
          fillDisk(ballast)
          // What fits into the pages that there are still does.
          await eventually(() => log().includes('No space left on device'), 60_000, 'The disk was not full')
          await wait(AWAY_MS)
          rmSync(ballast)
          await wait(AWAY_MS)
        })
        return await summary(origin, inbox, answers, log)
      }),
    ),
}

export const POSTGRES_FAILURES = [restarted, frozen, readOnly, diskFull]
