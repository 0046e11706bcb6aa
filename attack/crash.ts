/**
 * `npm run attack:crash`: kills the built app with signal 9 at random moments while visitors sign up, confirm, sign in by
 * mail, reset and change passwords and sign out, starts it again on the same data without any repair, and at the end asks it
 * for everything it had said was done. On both databases, once with an SMTP server and once with a mail API that honours the idempotency key.
 * ATTACK_KILLS is how often for each (20); ATTACK_ONLY runs the databases whose name holds that text.
 */
import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { startPostgres } from '../test/start-postgres.ts'
import { type AppProcess, appProcess } from './crash/app-process.ts'
import { audit, isStillOwed } from './crash/audit.ts'
import { Inbox } from './crash/letters.ts'
import { resendOffice, smtpOffice } from './crash/post-offices.ts'
import { type Surprise, type Visit, Visitor } from './crash/visitors.ts'
import { exitOnSignals } from './exit-on-signals.ts'

const KILLS = Number(process.env.ATTACK_KILLS ?? 20)
const only = process.env.ATTACK_ONLY ?? ''
const VISITORS = 6
/** A kill falls after some work and not after some time, so that a slow machine is attacked as hard as a fast one. */
const MOST_ACTS_BEFORE_KILL = 60
const ACTS_WITHIN_MS = 15_000
/** A killed process had claimed its mails for a minute; then another may send them. */
const MAIL_WITHIN_MS = 90_000

const say = (line: string) => process.stdout.write(`${line}\n`)

interface Load {
  visits: Visit[]
  surprises: Surprise[]
  /** How many requests have been acknowledged so far. */
  acts(): number
  stop(): Promise<void>
}

/** Visitors come one after the other at each of six doors, killed app or not, until told to stop. */
function load(origin: string, inbox: Inbox): Load {
  const visits: Visit[] = []
  const surprises: Surprise[] = []
  let stopping = false
  let acts = 0
  const acknowledged = () => {
    acts += 1
  }
  const door = async () => {
    while (!stopping) {
      const visitor = new Visitor(origin, inbox, surprises, acknowledged)
      await visitor.live(randomInt(100))
      if (visitor.visit.steps.signup !== 'yes') await wait(50)
      visits.push(visitor.visit)
    }
  }
  const doors = Array.from({ length: VISITORS }, door)
  const stop = async () => {
    stopping = true
    await Promise.all(doors)
  }
  return { visits, surprises, acts: () => acts, stop }
}

/** Every fifth kill falls into the start itself, the others into the load. The slowest start is what comes back. */
async function killAgainAndAgain(app: AppProcess, acts: () => number): Promise<number> {
  let slowest = 0
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const { ready } = app.start()
    if (kill % 5 === 0) {
      ready.catch(() => undefined)
      await wait(randomInt(50, 1_000))
    } else {
      const began = performance.now()
      await ready
      slowest = Math.max(slowest, performance.now() - began)
      const enough = acts() + randomInt(1, MOST_ACTS_BEFORE_KILL)
      for (const deadline = Date.now() + ACTS_WITHIN_MS; Date.now() < deadline && acts() < enough; ) await wait(10)
      await wait(randomInt(100))
    }
    await app.kill()
  }
  return slowest
}

async function attack(database: string, databaseUrl: string, transport: 'smtp' | 'resend'): Promise<boolean> {
  const inbox = new Inbox()
  const office = transport === 'smtp' ? await smtpOffice(inbox) : await resendOffice(inbox)
  const app = await appProcess({ ...office.settings, ...(databaseUrl && { DATABASE_URL: databaseUrl }) })
  const { visits, surprises, acts, stop } = load(app.origin, inbox)
  const slowest = await killAgainAndAgain(app, acts)
  await app.start().ready
  await stop()
  for (const deadline = Date.now() + MAIL_WITHIN_MS; Date.now() < deadline && isStillOwed(visits, inbox); )
    await wait(250)
  const { counts, broken } = await audit(visits, app.origin, inbox)
  await app.end()
  await office.close()
  // One key is one mail: whoever repeats it would have mailed twice without the provider's help.
  const twice = inbox.repeated
  const failed = broken.length > 0 || surprises.length > 0 || (transport === 'resend' && twice > 0)
  say(
    `${failed ? 'FAILED' : 'ok    '} ${database.padEnd(8)} ${transport.padEnd(6)} ${String(KILLS).padStart(5)} ${Object.values(
      counts,
    )
      .map((count) => String(count).padStart(10))
      .join(
        '',
      )} ${String(broken.length).padStart(5)} ${String(twice).padStart(6)} ${(slowest / 1000).toFixed(1).padStart(8)} s`,
  )
  for (const sentence of broken.slice(0, 20)) say(`       ${sentence}`)
  for (const { path, status, text } of surprises.slice(0, 10)) {
    say(`       ${path} answered ${status}: ${text}`)
    const [, requestId] = /"requestId":"([^"]+)"/u.exec(text) ?? []
    const logged = requestId ? app.log().split('\n') : []
    for (const line of logged.filter((each) => each.includes(requestId ?? ''))) say(`         ${line}`)
  }
  return !failed
}

exitOnSignals()
say('Acknowledged before a kill, and asked for after the last one. "Twice": mails that arrived a second time.\n')
say(
  '       database mail   kills  sign-ups  verified  by mail   resets  changes signed out everywhere   mails  lost  twice  slowest start',
)
const postgres = await startPostgres()
const results: boolean[] = []
const databases = [
  ['SQLite', ''],
  ['Postgres', postgres.url],
] as const
for (const [database, url] of databases.filter(([name]) => name.includes(only)))
  for (const transport of ['smtp', 'resend'] as const) results.push(await attack(database, url, transport))
await postgres.stop()
process.exitCode = results.every(Boolean) ? 0 : 1
