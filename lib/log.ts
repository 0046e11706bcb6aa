/** JSON lines on stdout, for machines. What people read at the start is the banner of server.ts. */
import { subscribe } from 'node:diagnostics_channel'
import { format, stripVTControlCharacters } from 'node:util'
import { type LoggerOptions, pino, stdSerializers } from 'pino'
import { logLevel } from './env.ts'

/** What opens an account or proves a mailbox is never written, however deep in the logged object it lies. */
const SECRET_KEY = /password|token|secret|cookie|authorization|api-?key|^code$/iu
const CENSORED = '[redacted]'

function censor(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date) return value
  if (depth === 5) return '[deep]'
  if (Array.isArray(value)) return value.map((item) => censor(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, SECRET_KEY.test(key) ? CENSORED : censor(item, depth + 1)]),
  )
}

/** Drizzle writes a failed statement's parameters into the message, hashes and addresses among them. */
const withoutParameters = (text: string) => text.replace(/\nparams:[^\n]*/gu, '\nparams: [redacted]')

/** Type, message, stack and code only: drivers hang whole rows and connection strings on their errors. */
function describeError(error: unknown) {
  if (!(error instanceof Error)) return error
  const { type, message, stack } = stdSerializers.err(error)
  const code = (error as NodeJS.ErrnoException).code
  return { type, message: withoutParameters(message), stack: withoutParameters(stack), ...(code && { code }) }
}

export const logOptions: LoggerOptions = {
  level: logLevel(),
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }), log: (entry) => censor(entry) as Record<string, unknown> },
  serializers: { err: describeError, error: describeError },
}

/** `log.info({ requestId }, 'what happened')`. Goes to stdout at once, so that nothing is lost when the process ends. */
export const log = pino(logOptions)

const CONSOLE = { debug: 'debug', log: 'info', info: 'info', warn: 'warn', error: 'error' } as const

/** What was meant for a person's eye as one line: the error apart, objects censored, no colours. */
function logConsole(level: (typeof CONSOLE)[keyof typeof CONSOLE], said: unknown[]): void {
  const err = said.find((item) => item instanceof Error)
  const details = said.filter((item) => typeof item === 'object' && !(item instanceof Error))
  const words = said.filter((item) => typeof item !== 'object')
  const message = stripVTControlCharacters(format(...words)).trim()
  log[level]({ source: 'console', ...(err && { err }), ...(details.length > 0 && { details }) }, message)
}

/**
 * From the moment this process listens, what Next, a package or Node itself writes by console is a line of the log too.
 * Before it, a start that fails speaks to the person who made it.
 */
export function logConsoleOnceListening(): void {
  subscribe('tracing:net.server.listen:asyncEnd', () => {
    for (const [method, level] of Object.entries(CONSOLE))
      console[method as keyof typeof CONSOLE] = (...said: unknown[]) => logConsole(level, said)
    process.removeAllListeners('warning').on('warning', (err) => log.warn({ err }, 'warning'))
  })
}

/**
 * The last handler: what nobody caught is written, and ends this process, whose state nobody knows any more. Another takes its
 * place (lib/fleet.ts, or whatever started this one). To be called before Next adds its own, which writes and goes on.
 * Promises that fail unseen do go on once Next is there: it starts work early that a page may turn out not to need.
 */
export function endWhenUncaught(): void {
  process.on('uncaughtException', (err) => {
    log.fatal({ err, pid: process.pid }, 'nobody caught this: the process ends')
    process.exit(1)
  })
}
