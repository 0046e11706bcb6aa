import type { Database } from '#db/client'
import { type Env, readEnv } from '#lib/env'
import { doctorQuestion } from '#lib/http/doctor-question'
import { makeSecrets } from '#lib/secrets'
import { checkClock, databaseClock, type OtherClock } from './check-clock.ts'
import { checkDataFolder } from './check-data-folder.ts'
import { openAndCheckDatabase } from './check-database.ts'
import { checkMail } from './check-mail.ts'
import { checkOutbox } from './check-outbox.ts'
import { checkPostgres } from './check-postgres.ts'
import { checkProxy } from './check-proxy.ts'
import { checkSecret, findSecret } from './check-secret.ts'
import { checkVersions } from './check-versions.ts'
import { type Finding, findingsFrom, findingsOf } from './finding.ts'
import { sendTestMail } from './send-test-mail.ts'

/** `sendMailTo`: also sends a letter there. */
export interface Examination {
  now: () => number
  sendMailTo?: string | undefined
}

/** Looks at everything there is, in the order in which one thing rests on another. Changes nothing. */
export async function examine(source: NodeJS.ProcessEnv, { now, sendMailTo }: Examination): Promise<Finding[]> {
  const settings = findingsOf('settings')
  const result = readEnv(source)
  const versions = await findingsFrom('versions', () => checkVersions())
  if (!result.ok) return [...result.problems.map(settings.wrong), ...versions]
  const { env } = result
  const findings = [settings.ok(`Each is understood. The app is ${env.appOrigin}.`), ...versions]
  findings.push(...(await findingsFrom('folder', () => checkDataFolder(env))))
  findings.push(...(await findingsFrom('secret', () => checkSecret(env))))
  const { db, findings: ofDatabase } = await openAndCheckDatabase(env.database)
  findings.push(...ofDatabase)
  try {
    const { database, workers } = env
    if (db && database.kind === 'postgres')
      findings.push(...(await findingsFrom('postgres', () => checkPostgres(database, workers, db))))
    if (db) findings.push(...(await findingsFrom('outbox', () => checkOutbox(db, now()))))
    findings.push(...(await findingsFrom('mail', () => checkMail(env))))
    if (sendMailTo !== undefined)
      findings.push(...(await findingsFrom('letter', () => sendTestMail(sendMailTo, env, db, now))))
    findings.push(...(await examineFromOutside(env, db, now)))
  } finally {
    await db?.close()
  }
  return findings
}

/** What only the running app and other clocks can tell. */
async function examineFromOutside(env: Env, db: Database | null, now: () => number): Promise<Finding[]> {
  const secret = findSecret(env)
  if (secret === null) return [findingsOf('proxy').warning('Without a secret the app cannot be asked: start it once.')]
  const secrets = makeSecrets(secret, env.authSecretPrevious)
  const { findings, answer } = await checkProxy(env, () => doctorQuestion(secrets, now()))
  const clocks: OtherClock[] = answer?.date ? [{ whose: env.appOrigin, ahead: answer.date - now() }] : []
  const ofClock = await findingsFrom('clock', async () => {
    if (db) clocks.push(...(await databaseClock(db, env.database.kind, now())))
    return checkClock(clocks)
  })
  return [...findings, ...ofClock]
}
