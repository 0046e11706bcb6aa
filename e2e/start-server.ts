import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import manifest from '../package.json' with { type: 'json' }
import { endWithUs } from '../test/end-with-us.ts'

const ROOT = dirname(import.meta.dirname)
/** What `npm start` gives to Node. */
const START = (manifest.scripts.start as string).split(' ').slice(1)
const READY_WITHIN_MS = 30_000
/** A developer's own settings must not reach the server under test; an empty one counts as not set. */
const UNSET = Object.fromEntries(
  [
    'AUTH_SECRET',
    'AUTH_SECRET_PREVIOUS',
    'DATABASE_URL',
    'HASH_THREADS',
    'HOST',
    'MAIL_FROM',
    'PASSWORD_MIN_LENGTH',
    'SITE_NAME',
  ].map((name) => [name, '']),
)

export interface RunningServer {
  origin: string
  /** Of the process that was started. */
  pid: number
  /** All it has said so far, both streams. */
  log(): string
  /** To the process that was started, which may have others of its own. */
  signal(name: NodeJS.Signals): void
  /**
   * Sends SIGTERM. Resolves with the exit code once it is gone, its data folder too. Throws when it has answered a 5xx
   * that is not among `provoked`, each written as `METHOD path status`.
   */
  stop(provoked?: string[]): Promise<number | null>
}

/** The built app by its real entry, on a free port of this machine, with data of its own and the embedded mailbox. */
export async function startServer(settings: Record<string, string> = {}): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-server-'))
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const defaults = {
    NODE_ENV: 'production',
    APP_ORIGIN: origin,
    PORT: String(port),
    DATA_DIR: join(folder, 'data'),
    MAIL_URL: 'mailbox:',
    TRUSTED_PROXY_HOPS: '0',
    LOG_LEVEL: 'info',
    BCRYPT_COST: '10',
    WORKERS: '1',
    LIMIT_SCALE: '100',
  }
  const server = spawn(process.execPath, START, {
    cwd: ROOT,
    env: { ...process.env, ...UNSET, ...defaults, ...settings } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  endWithUs(server, { folder })
  let said = ''
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (chunk) => {
      said += chunk
    })
  const log = () => said
  // "close" comes after the last of both streams, "exit" may come before.
  const closed = once(server, 'close')

  const stop = async (provoked: string[] = []) => {
    server.kill('SIGTERM')
    await closed
    rmSync(folder, { recursive: true, force: true })
    const unprovoked = serverErrors(said).filter((line) => !provoked.includes(line))
    if (unprovoked.length > 0) throw new Error(`The server answered 5xx:\n${unprovoked.join('\n')}\n\n${said}`)
    return server.exitCode
  }
  const signal = (name: NodeJS.Signals) => void server.kill(name)
  const pid = server.pid ?? Number.NaN
  if (await isReady(origin, () => server.exitCode !== null)) return { origin, pid, log, signal, stop }
  await stop()
  throw new Error(`The server did not become ready. It said:\n${said}`)
}

/** The 5xx answers in a log; server.ts writes each as one line of JSON. */
function serverErrors(log: string): string[] {
  return log
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes('"status":5'))
    .map((line) => JSON.parse(line))
    .map(({ method, path, status }) => `${method} ${path} ${status}`)
}

async function isReady(origin: string, hasExited: () => boolean): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline && !hasExited()) {
    const response = await fetch(`${origin}/health`).catch(() => null)
    if (response?.ok) return true
    await wait(50)
  }
  return false
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('A listening socket has no port.')
  return address.port
}
