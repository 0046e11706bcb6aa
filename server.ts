/**
 * The entry: node:http in front of Next. It is here because Next hands route handlers no socket and believes any
 * X-Forwarded-For; behind it, every request carries exactly one client address, the one that limits count by.
 */
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { loadSecret, prepareDataDir } from '#lib/data-dir'
import { drainable } from '#lib/drain'
import { type Env, env, SettingsError, setNodeEnv } from '#lib/env'
import { overwriteHeaders } from '#lib/http/overwrite-headers'

const FINISH_WITHIN_MS = 10_000
/** What Next knows; anything else makes it fail. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
/** Files of the build are read, and Next fails when somebody does anything else with one. */
const methodsOf = (path: string) => (path.startsWith('/_next/static/') ? ['GET', 'HEAD'] : METHODS)
const HSTS_TWO_YEARS = 'max-age=63072000; includeSubDomains'
const ROOT = import.meta.dirname
/** CommonJS whose names Node cannot see. */
const { loadEnvConfig } = createRequire(import.meta.url)('@next/env') as typeof import('@next/env')
const dev = process.argv.includes('--dev')

type Log = typeof import('#lib/log').log

function logWhenDone(request: IncomingMessage, response: ServerResponse, log: Log): void {
  const { method, url } = request
  const began = performance.now()
  response.once('close', () => {
    const status = response.statusCode
    const requestId = response.getHeader('x-request-id')
    const ms = Math.round(performance.now() - began)
    // The query is left out: it holds what visitors typed.
    const entry = { method, path: url?.split('?')[0], status, ms, requestId, finished: response.writableFinished }
    log[status >= 500 ? 'error' : 'debug'](entry, 'request')
  })
}

interface App {
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  close: () => Promise<void>
}

async function prepareNext(settings: Env, httpServer: Server): Promise<App> {
  if (!dev && !existsSync(`${ROOT}/.next/BUILD_ID`))
    throw new SettingsError(['There is no build yet: run "npm start", or "npm run build" first.'])
  const { default: next } = await import('next')
  const app = next({ dev, dir: ROOT, hostname: settings.host, port: settings.port, httpServer })
  await app.prepare()
  return { answer: app.getRequestHandler(), close: () => app.close() }
}

function listen(server: Server, { host, port }: Env): Promise<void> {
  const sentences: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use: stop what uses it, or set PORT to another.`,
    EACCES: `Port ${port} may not be opened by this user: set PORT to one from 1024 up.`,
    EADDRNOTAVAIL: `HOST ${host} is no address of this machine: set it to one that is, or leave it out.`,
    ENOTFOUND: `HOST ${host} cannot be found: set it to an address of this machine, or leave it out.`,
  }
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const sentence = sentences[error.code ?? '']
      reject(sentence ? new SettingsError([sentence]) : error)
    })
    server.listen(port, host, resolve)
  })
}

/** Finishes what was begun, in the order in which it depends on each other. A second signal does not wait. */
function stopOnSignal(drain: (withinMs: number) => Promise<void>, app: App): void {
  let stopping = false
  const stop = async () => {
    if (stopping) process.exit(1)
    stopping = true
    await drain(FINISH_WITHIN_MS)
    await closeRest(app)
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop())
}

/** Jobs and database live in Next's bundles, which share no module with this file: hence the symbols. */
async function closeRest(app: App): Promise<void> {
  const shared = globalThis as unknown as Record<symbol, unknown>
  const stopJobs = shared[Symbol.for('vestibule.stop')] as (() => Promise<void>) | undefined
  await stopJobs?.()
  await app.close()
  const deps = shared[Symbol.for('vestibule.deps')] as { close?: () => Promise<void> } | undefined
  await deps?.close?.()
}

function banner({ appOrigin, database, mail, host, port }: Env): string {
  const local = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const where = database.kind === 'sqlite' ? database.file : `Postgres at ${new URL(database.url).host}`
  const lines = [
    ['App', `${appOrigin}${new URL(appOrigin).port === String(port) ? '' : ` (listening on ${local})`}`],
    ...(mail.kind === 'mailbox' ? [['Mailbox', `${appOrigin}/mailbox (no real mail is sent: see MAIL_URL)`]] : []),
    ['Data', where],
  ]
  return ['', '  Vestibule is ready.', '', ...lines.map(([name, text]) => `  ${name?.padEnd(9)}${text}`), '', ''].join(
    '\n',
  )
}

async function start(): Promise<void> {
  process.chdir(ROOT)
  setNodeEnv(dev)
  loadEnvConfig(ROOT, dev, { info: () => undefined, error: console.error })
  const settings = env()
  prepareDataDir(settings)
  loadSecret(settings)
  const [{ migrate }, { log }] = await Promise.all([import('#db/migrate'), import('#lib/log')])
  await migrate(settings.database).catch((error: Error & { code?: string }) => {
    throw new SettingsError([
      `The database cannot be used (${error.message || error.code}): see DATABASE_URL and DATA_DIR.`,
    ])
  })
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16_384,
  })
  const drain = drainable(server)
  const app = await prepareNext(settings, server)
  server.on('request', (request, response) => {
    overwriteHeaders(request, settings)
    response.setHeader('x-content-type-options', 'nosniff')
    if (settings.appOrigin.startsWith('https:')) response.setHeader('strict-transport-security', HSTS_TWO_YEARS)
    logWhenDone(request, response, log)
    const [path = '/'] = (request.url ?? '').split('?')
    const methods = methodsOf(path)
    if (!methods.includes(request.method ?? '')) return response.writeHead(405, { allow: methods.join(', ') }).end()
    // Where Next tidies a path up it sends the new one as a body, and says no type.
    if (/.\/$|\/\/|\\/u.test(path)) response.setHeader('content-type', 'text/plain; charset=utf-8')
    app.answer(request, response).catch((err: unknown) => {
      log.error({ err, path: request.url?.split('?')[0] }, 'request')
      response.destroy()
    })
  })
  await listen(server, settings)
  stopOnSignal(drain, app)
  process.stdout.write(banner(settings))
}

start().catch((error: unknown) => {
  // A SettingsError is for the person who starts the app; anything else is for whoever mends it.
  console.error(error instanceof SettingsError ? error.message : error)
  process.exit(1)
})
