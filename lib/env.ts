/** The settings as the app uses them. The only file that touches process.env. */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { contradictions, isLoopbackHost } from './contradictions.ts'
import { type LogLevel, type Settings, settings } from './settings.ts'

export interface Env {
  port: number
  /** The address to listen on. */
  host: string
  /** Where people reach the app; without a trailing slash. Links in mail start with it, whatever Host a request carries. */
  appOrigin: string
  /** Whether only this machine can open `appOrigin`. */
  isLoopback: boolean
  /** Absolute. */
  dataDir: string
  database: { kind: 'sqlite'; file: string } | { kind: 'postgres'; url: string; pool: number }
  /** As given; `loadSecret` finds or makes one otherwise. */
  authSecret?: string
  authSecretPrevious?: string
  mail: { kind: 'mailbox' } | { kind: 'resend'; apiKey: string; baseUrl?: string } | { kind: 'smtp'; url: string }
  mailFrom: string
  trustedProxyHops: number
  /** Processes that serve. */
  workers: number
  /** Threads that hash, in all processes together. */
  hashThreads: number
  /** Passwords that may wait for one of them, in all processes together. */
  hashQueue: number
  bcryptCost: number
  passwordMinLength: number
  siteName: string
  limitScale: number
  eventsKeepDays: number
  /** Where browsers report what a page's policy kept them from; an absolute https address. */
  cspReportUri?: string
  logLevel: LogLevel
}

/** `problems`: one sentence for each setting that is wrong; none repeats a secret. */
export type EnvResult = { ok: true; env: Env } | { ok: false; problems: string[] }

/** The start cannot go on until someone has read these sentences. */
export class SettingsError extends Error {
  readonly problems: string[]
  constructor(problems: string[]) {
    super(problems.join('\n'))
    this.name = 'SettingsError'
    this.problems = problems
  }
}

export function readEnv(source: Record<string, string | undefined>): EnvResult {
  // `PORT= npm start` and an empty line in a compose file both mean: not set.
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim()))
  const parsed = settings.safeParse(given)
  if (!parsed.success) return { ok: false, problems: [...new Set(parsed.error.issues.map((issue) => issue.message))] }
  const origin = new URL(parsed.data.APP_ORIGIN ?? `http://localhost:${parsed.data.PORT}`)
  const problems = contradictions(parsed.data, origin)
  return problems.length > 0 ? { ok: false, problems } : { ok: true, env: envOf(parsed.data, origin) }
}

let fromProcess: Env | undefined
/** The settings of this process, read once. Throws a SettingsError. */
export function env(): Env {
  if (fromProcess) return fromProcess
  const result = readEnv(process.env)
  if (!result.ok) throw new SettingsError(result.problems)
  fromProcess = result.env
  return fromProcess
}

/** Libraries ask NODE_ENV whether to be quick or talkative; unset would mean talkative. Call it before any is loaded. */
export function setNodeEnv(dev: boolean): void {
  // Written through a copy of the type: Next declares the variable read-only.
  const variables: Record<string, string | undefined> = process.env
  if (dev) variables.NODE_ENV = 'development'
  else variables.NODE_ENV ??= 'production'
  // Nobody who runs a door for others expects it to report to its maker.
  variables.NEXT_TELEMETRY_DISABLED ??= '1'
}

/** For lib/log.ts, which must be able to say what is wrong even when a setting is. */
export function logLevel(): LogLevel {
  const result = readEnv(process.env)
  return result.ok ? result.env.logLevel : 'info'
}

function envOf(given: Settings, origin: URL): Env {
  const dataDir = resolve(given.DATA_DIR)
  return {
    port: given.PORT,
    host: given.HOST ?? listenAddress(origin),
    appOrigin: origin.origin,
    isLoopback: isLoopbackHost(origin.hostname),
    dataDir,
    database: databaseOf(given, dataDir),
    ...(given.AUTH_SECRET && { authSecret: given.AUTH_SECRET }),
    ...(given.AUTH_SECRET_PREVIOUS && { authSecretPrevious: given.AUTH_SECRET_PREVIOUS }),
    mail: mailOf(given),
    mailFrom: given.MAIL_FROM ?? `${given.SITE_NAME} <no-reply@localhost>`,
    trustedProxyHops: given.TRUSTED_PROXY_HOPS,
    workers: given.WORKERS ?? availableParallelism(),
    hashThreads: given.HASH_THREADS ?? availableParallelism(),
    hashQueue: given.HASH_QUEUE,
    bcryptCost: given.BCRYPT_COST,
    passwordMinLength: given.PASSWORD_MIN_LENGTH,
    siteName: given.SITE_NAME,
    limitScale: given.LIMIT_SCALE,
    eventsKeepDays: given.EVENTS_KEEP_DAYS,
    ...(given.CSP_REPORT_URI && { cspReportUri: given.CSP_REPORT_URI }),
    logLevel: given.LOG_LEVEL,
  }
}

/** This machine only, unless HOST says more: nobody then walks around the proxy in front. */
function listenAddress(origin: URL): string {
  const bare = origin.hostname.replace(/^\[|\]$/gu, '')
  return isLoopbackHost(bare) && !/[a-z]/u.test(bare) ? bare : '127.0.0.1'
}

function databaseOf({ DATABASE_URL: url, DATABASE_POOL: pool }: Settings, dataDir: string): Env['database'] {
  if (!url.startsWith('file:')) return { kind: 'postgres', url, pool }
  return { kind: 'sqlite', file: resolve(dataDir, url.replace(/^file:(?:\/\/(?=\/))?/u, '')) }
}

function mailOf(given: Settings): Env['mail'] {
  if (given.MAIL_URL === 'mailbox:') return { kind: 'mailbox' }
  if (given.MAIL_URL !== 'resend:') return { kind: 'smtp', url: given.MAIL_URL }
  const apiKey = given.RESEND_API_KEY ?? ''
  return { kind: 'resend', apiKey, ...(given.RESEND_BASE_URL && { baseUrl: given.RESEND_BASE_URL }) }
}
