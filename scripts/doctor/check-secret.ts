import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readSecret } from '#lib/data-dir'
import { type Env, SettingsError } from '#lib/env'
import { isOpenToOthers, octal } from './check-data-folder.ts'
import { type Finding, findingsOf } from './finding.ts'

const { ok, warning, wrong } = findingsOf('secret')

/** The secret as the app would find it, without making one. Null when there is none that can be used. */
export function findSecret({ authSecret, dataDir }: Pick<Env, 'authSecret' | 'dataDir'>): string | null {
  if (authSecret) return authSecret
  try {
    return readSecret(join(dataDir, 'auth-secret'))
  } catch {
    return null
  }
}

/** There, long enough, for its owner only, and not beside the backups of the database. */
export function checkSecret(settings: Pick<Env, 'authSecret' | 'dataDir' | 'database'>): Finding[] {
  const findings = settings.authSecret ? [] : checkFile(settings)
  findings.push(...checkBackups(settings.dataDir))
  if (findings.length > 0) return findings
  return [
    ok(settings.authSecret ? 'AUTH_SECRET is set.' : `${join(settings.dataDir, 'auth-secret')} is its owner's only.`),
  ]
}

function checkFile({ dataDir, database }: Pick<Env, 'dataDir' | 'database'>): Finding[] {
  const file = join(dataDir, 'auth-secret')
  if (!existsSync(file)) {
    const hasData = database.kind === 'sqlite' && existsSync(database.file)
    return hasData
      ? [wrong(`${file} is missing and the database is there: put it back, or no password works after the next start.`)]
      : [warning(`${file} is not there yet: the first start makes it, unless AUTH_SECRET is set.`)]
  }
  const stats = statSync(file)
  const open = isOpenToOthers(stats) ? [wrong(`${file} has mode ${octal(stats)}: chmod 600 "${file}".`)] : []
  return [...open, ...checkContent(file)]
}

function checkContent(file: string): Finding[] {
  try {
    readSecret(file)
    return []
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(wrong)
    return [wrong(`${file} cannot be read by this user: give it to the user that runs Vestibule.`)]
  }
}

/** Together in one place, a thief of the backups could search for passwords. */
function checkBackups(dataDir: string): Finding[] {
  const folder = join(dataDir, 'backups')
  const names = existsSync(folder) ? readdirSync(folder) : []
  return names
    .filter((name) => name.includes('secret'))
    .map((name) => wrong(`${join(folder, name)} lies among the backups of the database: keep the secret elsewhere.`))
}
