import { accessSync, constants, existsSync, lstatSync, readdirSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Env } from '#lib/env'
import { type Finding, findingsOf } from './finding.ts'

const { ok, warning, wrong } = findingsOf('folder')
/** Windows keeps rights elsewhere. */
const HAS_MODES = process.platform !== 'win32'
/** A running app makes and removes files here. */
const GONE_IS_FINE = { throwIfNoEntry: false } as const
export const isOpenToOthers = (stats: Stats) => HAS_MODES && (stats.mode & 0o077) !== 0
export const octal = (stats: Stats) => (stats.mode & 0o777).toString(8).padStart(4, '0')

/** DATA_DIR: there, writable, closed to others, and everything in it its owner's. `user` is null where there are no users. */
export function checkDataFolder({ dataDir }: Pick<Env, 'dataDir'>, user = process.getuid?.() ?? null): Finding[] {
  if (!existsSync(dataDir)) return [warning(`${dataDir} is not there yet: the first start makes it.`)]
  const stats = statSync(dataDir)
  const findings: Finding[] = []
  if (!stats.isDirectory()) return [wrong(`${dataDir} is no folder: set DATA_DIR to one.`)]
  if (!isWritable(dataDir))
    findings.push(wrong(`${dataDir} cannot be written to by this user: change its owner, or set DATA_DIR.`))
  if (isOpenToOthers(stats))
    findings.push(wrong(`${dataDir} has mode ${octal(stats)}, so others get in: chmod 700 "${dataDir}".`))
  findings.push(...checkOwners(dataDir, stats.uid, user))
  return findings.length > 0 ? findings : [ok(`${dataDir} is closed to others, and this user may write to it.`)]
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** A start or a restore by root leaves files that the user who runs Vestibule cannot open. */
function checkOwners(folder: string, owner: number, user: number | null): Finding[] {
  if (user === null) return []
  const foreign = readdirSync(folder).filter(
    (name) => (lstatSync(join(folder, name), GONE_IS_FINE)?.uid ?? owner) !== owner,
  )
  const findings = foreign.map((name) =>
    wrong(`${join(folder, name)} belongs to another user than its folder: chown ${owner} "${join(folder, name)}".`),
  )
  if (owner !== user)
    findings.push(warning(`${folder} belongs to user ${owner} and this is user ${user}: ask as the user who runs it.`))
  return findings
}
