import { readdirSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { type AppProcess, appProcess } from '../crash/app-process.ts'
import { Inbox } from '../crash/letters.ts'
import { resendOffice } from '../crash/post-offices.ts'
import { eventually, type FailureCase, limitProcess, must, mustRefuseForNow, signUp } from './case.ts'
import { keepConnected } from './flood.ts'
import { restartablePostgres } from './restartable-postgres.ts'

const ROOM = 20
const CONNECTIONS = 200
/** After this, descriptors that became free are taken by those who wait for them. */
const TAKEN_AGAIN_MS = 1_000

const descriptorsOf = (app: AppProcess) => readdirSync(`/proc/${app.pid()}/fd`).length

const failedMails = (app: AppProcess) => app.log().split('A mail did not go').length - 1

/** Takes every descriptor of the app while a mail is owed; `meanwhile` looks at what needs one. Then all is well again. */
async function withoutDescriptors(more: Record<string, string>, meanwhile: (app: AppProcess) => Promise<string>) {
  const inbox = new Inbox()
  const office = await resendOffice(inbox)
  const app = await appProcess({ ...office.settings, ...more })
  let release = () => {}
  try {
    await app.start().ready
    // No connection is left open to the provider: the next try needs one, and there will be none.
    office.state.mode = 'close'
    const owed = await signUp(app.origin)
    await eventually(() => failedMails(app) === 1, 10_000, 'The mail was not tried')
    office.state.mode = 'ok'
    const allowed = descriptorsOf(app) + ROOM
    limitProcess(app.pid(), `nofile=${allowed}`)
    release = keepConnected(Number(new URL(app.origin).port), CONNECTIONS)
    const seen = await meanwhile(app)
    const used = descriptorsOf(app)
    must(used >= allowed - 2, `Only ${used} of ${allowed} were in use: the failure did not reach the app.`)
    release()
    const healthy = async () => (await fetch(`${app.origin}/health`).catch(() => null))?.ok === true
    await eventually(healthy, 10_000, 'It did not recover')
    must((await signUp(app.origin)).status === 202, 'A sign-up does not work afterwards.')
    await eventually(() => inbox.of(owed.email, 'verify').length === 1, 60_000, 'Mail was lost')
    return `${CONNECTIONS} connections against ${ROOM} left, ${seen}; well again when they had gone, the mail owed went`
  } finally {
    release()
    await app.end()
    await office.close()
  }
}

const descriptors: FailureCase = {
  name: 'out of file descriptors',
  run: () =>
    withoutDescriptors({}, async (app) => {
      await eventually(() => failedMails(app) >= 2, 30_000, 'The log says nothing of it')
      return 'none for a mail'
    }),
}

const descriptorsForPostgres: FailureCase = {
  name: 'out of file descriptors, Postgres has to be connected to',
  async run() {
    const postgres = await restartablePostgres()
    /** By a connection that is kept alive, since there is no room for another: nothing, or the answer. */
    const refusedSignUp = async (app: AppProcess) => {
      await postgres.endConnections()
      await wait(TAKEN_AGAIN_MS)
      const answer = await signUp(app.origin).catch(() => null)
      if (answer === null || answer.status === 202) return false
      mustRefuseForNow(answer)
      return app.log().includes('request failed')
    }
    const meanwhile = async (app: AppProcess) => {
      await eventually(() => refusedSignUp(app), 60_000, 'No sign-up was refused: the failure did not reach the app')
      return '503 to who is connected'
    }
    return await withoutDescriptors({ DATABASE_URL: postgres.url }, meanwhile).finally(postgres.remove)
  },
}

export const MACHINE_FAILURES = [descriptors, descriptorsForPostgres]
