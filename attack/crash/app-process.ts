import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../../e2e/start-server.ts'
import { endWithUs, removeFolder } from '../../test/end-with-us.ts'

const ROOT = dirname(dirname(import.meta.dirname))
const READY_WITHIN_MS = 60_000

/** The built app as an operator runs it, which can be killed and started again on the same data. */
export interface AppProcess {
  origin: string
  dataDir: string
  pid(): number
  /** All it has said so far, over every start. */
  log(): string
  /** Starts it; `ready` resolves when it answers, and rejects when it ends before. */
  start(): { ready: Promise<void> }
  /** kill -9 of the process that `start` made, and of nothing else. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code. The data stays, for another start. */
  stop(): Promise<number | null>
  /** SIGTERM, and the data folder is removed. */
  end(): Promise<void>
}

/** `settings` go over defaults that make load possible: wide limits, the cheapest bcrypt that is allowed. */
export async function appProcess(settings: Record<string, string>): Promise<AppProcess> {
  const dataDir = mkdtempSync(join(tmpdir(), 'vestibule-attack-'))
  const port = await freePort()
  const origin = `http://localhost:${port}`
  // One process, so that its end is the end of all.
  const given = {
    WORKERS: '1',
    APP_ORIGIN: origin,
    PORT: String(port),
    DATA_DIR: dataDir,
    BCRYPT_COST: '10',
    LIMIT_SCALE: '1000000',
  }
  // Nothing of the developer's own settings, but for what Node itself needs.
  const { PATH, HOME } = process.env
  const env: NodeJS.ProcessEnv = { PATH, HOME, NODE_ENV: 'production', ...given, ...settings }
  let child: ChildProcess | undefined
  let said = ''
  const running = () => {
    if (!child) throw new Error('The app was never started.')
    return child
  }
  const signal = async (name: NodeJS.Signals) => {
    const ending = running()
    if (hasEnded(ending)) return
    const closed = once(ending, 'close')
    ending.kill(name)
    await closed
  }
  // Between two starts too; endWithUs sees to a running one.
  const removeData = () => removeFolder(dataDir)
  process.once('exit', removeData)
  return {
    origin,
    dataDir,
    pid: () => running().pid ?? 0,
    log: () => said,
    start() {
      const started = spawn(process.execPath, [join(ROOT, 'server.ts')], {
        cwd: ROOT,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      for (const stream of [started.stdout, started.stderr])
        stream.on('data', (chunk) => {
          said += chunk
        })
      endWithUs(started)
      child = started
      return { ready: untilReady(started, origin, () => said) }
    },
    kill: () => signal('SIGKILL'),
    stop: async () => {
      await signal('SIGTERM')
      return running().exitCode
    },
    end: async () => {
      await signal('SIGTERM')
      process.off('exit', removeData)
      removeData()
    },
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null

async function untilReady(child: ChildProcess, origin: string, said: () => string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline && !hasEnded(child)) {
    const response = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(2_000) }).catch(() => null)
    if (response?.ok) return
    await wait(25)
  }
  throw new Error(`The app did not become ready. It said:\n${said().slice(-4_000)}`)
}
