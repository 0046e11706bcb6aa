/**
 * The entry: node:http in front of Next. It is here because Next hands route handlers no socket and believes any
 * X-Forwarded-For; behind it, every request carries exactly one client address, the one that limits count by.
 */
import cluster from 'node:cluster'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import type { Logger } from 'pino'
import { loadSecret, prepareDataDir } from '#lib/data-dir'
import { type Drainable, drainable, FINISH_WITHIN_MS, NOTICE_TO_BROWSERS, NOTICE_TO_PROXY } from '#lib/drain'
import { type Env, env, SettingsError, setNodeEnv } from '#lib/env'
import { supervise } from '#lib/fleet'
import { hstsHeaders } from '#lib/http/hsts'
import { logWhenDone } from '#lib/http/log-when-done'
import { overwriteHeaders } from '#lib/http/overwrite-headers'
import { replaceBrokenPages } from '#lib/http/replace-broken-pages'
import { banner, listen } from '#lib/listen'

const ROOT = import.meta.dirname
/** CommonJS whose names Node cannot see. */
const { loadEnvConfig } = createRequire(import.meta.url)('@next/env') as typeof import('@next/env')
const dev = process.argv.includes('--dev')

/** For the proxy in front. Nothing about the database: every instance has the same, and /health looks at it. */
function answerReady(response: ServerResponse, ready: boolean): void {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
  response.writeHead(ready ? 200 : 503, { ...headers, ...(!ready && { 'retry-after': '1' }) })
  response.end(ready ? 'ready\n' : 'stopping\n')
}

const isRead = ({ method }: IncomingMessage) => method === 'GET' || method === 'HEAD'

interface App {
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  close: () => Promise<void>
}

async function prepareNext(settings: Env, httpServer: Server): Promise<App> {
  const { default: next } = await import('next')
  const app = next({ dev, dir: ROOT, hostname: settings.host, port: settings.port, httpServer })
  await app.prepare()
  const answer = app.getRequestHandler()
  return { answer: dev ? answer : replaceBrokenPages(answer, settings.siteName), close: () => app.close() }
}

/** Finishes what was begun, in the order in which it depends on each other. A second signal does not wait. */
function stopOnSignal({ drain }: Drainable, app: App, { trustedProxyHops }: Env): void {
  const notice = trustedProxyHops > 0 ? NOTICE_TO_PROXY : NOTICE_TO_BROWSERS
  let stopping = false
  const stop = async (announceMs: number) => {
    if (stopping && cluster.isPrimary) process.exit(1)
    if (stopping) return
    stopping = true
    await drain({ ...notice, announceMs }, FINISH_WITHIN_MS)
    await closeRest(app)
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop(notice.announceMs))
  // Another process has taken this one's place (lib/fleet.ts).
  process.on('SIGQUIT', () => void stop(0))
  // No process can replace itself; unheard, the signal would end it.
  process.on('SIGUSR2', () => undefined)
  // A terminal sends Ctrl-C to every process: the first of them decides. When that one is gone, Node ends the others.
  process.on('SIGINT', () => cluster.isPrimary && void stop(notice.announceMs))
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

/** What is done once, however many processes serve. */
async function prepare(settings: Env): Promise<void> {
  if (!dev && !existsSync(`${ROOT}/.next/BUILD_ID`))
    throw new SettingsError(['There is no build yet: run "npm start", or "npm run build" first.'])
  prepareDataDir(settings)
  loadSecret(settings)
  const { migrate } = await import('#db/migrate')
  await migrate(settings.database).catch((error: Error & { code?: string }) => {
    throw new SettingsError([
      `The database cannot be used (${error.message || error.code}): see DATABASE_URL and DATA_DIR.`,
    ])
  })
}

async function serve(settings: Env, log: Logger): Promise<void> {
  const [{ deps }, { developmentLane, openLane }] = await Promise.all([import('#lib/deps'), import('#lib/http/lane')])
  // Before Next loads its own copy, which then finds this one.
  deps()
  const lane = dev ? developmentLane : await openLane(ROOT)
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 65_000,
    maxHeaderSize: 16_384,
  })
  const doors = drainable(server)
  const app = await prepareNext(settings, server)
  server.on('request', (request, response) => {
    overwriteHeaders(request, settings)
    const direct = lane(request)
    // The API's answers bring theirs. With one more set here, Node would go through each of them again.
    if (!direct) response.setHeaders(new Map([['x-content-type-options', 'nosniff'], ...hstsHeaders()]))
    const [path = '/'] = (request.url ?? '').split('?')
    if (path === '/ready' && isRead(request)) return answerReady(response, doors.isReady())
    logWhenDone(request, response, log)
    // Where Next tidies a path up it sends the new one as a body, and says no type.
    if (/.\/$|\/\/|\\/u.test(path)) response.setHeader('content-type', 'text/plain; charset=utf-8')
    const answer = direct ?? app.answer
    answer(request, response).catch((err: unknown) => {
      // A visitor who leaves half-way is no fault of anybody.
      if (!request.errored) log.error({ err, path: request.url?.split('?')[0] }, 'request')
      response.destroy()
    })
  })
  await listen(server, settings)
  stopOnSignal(doors, app, settings)
  log.info({ hashThreads: settings.hashThreads, hashQueue: settings.hashQueue, pid: process.pid }, 'serving')
}

async function start(): Promise<void> {
  process.chdir(ROOT)
  setNodeEnv(dev)
  loadEnvConfig(ROOT, dev, { info: () => undefined, error: console.error })
  const settings = env()
  if (cluster.isPrimary) await prepare(settings)
  const { log, endWhenUncaught } = await import('#lib/log')
  if (!dev) endWhenUncaught()
  const several = cluster.isPrimary && settings.workers > 1 && !dev
  await (several ? supervise(settings, log) : serve(settings, log))
  if (cluster.isPrimary) process.stdout.write(banner(settings))
}

start().catch((error: unknown) => {
  // A SettingsError is for the person who starts the app; anything else is for whoever mends it.
  console.error(error instanceof SettingsError ? error.message : error)
  process.exit(1)
})
