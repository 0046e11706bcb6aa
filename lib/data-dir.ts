/** The data folder, and the secret that is made in it on the first start. */
import { randomBytes } from 'node:crypto'
import { accessSync, constants, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Env, SettingsError } from './env.ts'
import { isGuessableSecret } from './guessable-secret.ts'
import { GUESSABLE, SECRET_MIN_LENGTH } from './settings.ts'

/** Makes DATA_DIR, closed to other users of the machine. Throws a SettingsError when it cannot be written to. */
export function prepareDataDir({ dataDir }: Pick<Env, 'dataDir'>): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    throw new SettingsError([
      `The data folder ${dataDir} cannot be written to: change its owner, or set DATA_DIR to a folder of yours.`,
    ])
  }
}

/**
 * AUTH_SECRET, or the one in `<DATA_DIR>/auth-secret`, made on first start: beside the database and not in it, so that
 * neither a stolen database nor a backup of it gives the key away. Throws a SettingsError.
 */
export function loadSecret(settings: Pick<Env, 'authSecret' | 'dataDir'>): string {
  if (settings.authSecret) return settings.authSecret
  prepareDataDir(settings)
  const file = join(settings.dataDir, 'auth-secret')
  try {
    return readSecret(file) ?? writeSecret(file)
  } catch (error) {
    if (error instanceof SettingsError) throw error
    throw new SettingsError([
      `${file} cannot be read or made: give it to the user that runs Vestibule, or set AUTH_SECRET.`,
    ])
  }
}

/** Null when there is no file. Throws a SettingsError when it holds none that can be used, and what the system says when it cannot be read. */
export function readSecret(file: string): string | null {
  let secret: string
  try {
    secret = readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  if (secret.length < SECRET_MIN_LENGTH)
    throw new SettingsError([
      `${file} holds no secret of at least ${SECRET_MIN_LENGTH} characters: restore it or remove it.`,
    ])
  if (isGuessableSecret(secret)) throw new SettingsError([`${file} ${GUESSABLE}`])
  return secret
}

/** A link is made whole or not at all and never replaces one: of two processes that start together, both use one secret. */
function writeSecret(file: string): string {
  const draft = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`
  try {
    writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return readSecret(file) ?? writeSecret(file)
}
