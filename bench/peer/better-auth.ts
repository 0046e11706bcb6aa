import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../../e2e/start-server.ts'
import { post } from '../accounts.ts'
import type { Contestant } from './contestant.ts'

const APP = join(import.meta.dirname, 'app')
const NEXT = join(import.meta.dirname, '../../node_modules/next/dist/bin/next')
const PRODUCTION = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' } as const
const READY_TRIES = 300

/** Builds the app in ./app, which is Better Auth under the same Next and Node; about half a minute. */
export function buildBetterAuth(): void {
  rmSync(join(APP, '.next'), { recursive: true, force: true })
  const built = spawnSync(process.execPath, [NEXT, 'build'], { cwd: APP, env: PRODUCTION, encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`Better Auth's app cannot be built:\n${built.stdout}${built.stderr}`)
}

/** Serves what `buildBetterAuth` made, on a free port of this machine and with data of its own. */
export async function startBetterAuth(
  name: string,
  options: { hash: 'bcryptjs' | 'scrypt'; cookieCache?: boolean },
): Promise<Contestant> {
  const folder = mkdtempSync(join(tmpdir(), 'better-auth-'))
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const server = spawn(process.execPath, [NEXT, 'start', '-p', String(port), '-H', '127.0.0.1'], {
    cwd: APP,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...PRODUCTION,
      BETTER_AUTH_SECRET: 'a secret for a benchmark, thirty-two bytes and more',
      BETTER_AUTH_URL: origin,
      PEER_DATABASE: join(folder, 'auth.db'),
      PEER_HASH: options.hash,
      PEER_COOKIE_CACHE: options.cookieCache ? '1' : '0',
    },
  })
  const exited = once(server, 'exit')
  const stop = async () => {
    server.kill('SIGTERM')
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
  const signUp = async (who: string) => {
    const account = { email: `${who}@example.com`, password: `${who} walks in at noon` }
    await post(origin, '/api/auth/sign-up/email', { ...account, name: who }, 200)
    return account
  }
  const contestant = {
    name,
    origin,
    pid: server.pid ?? Number.NaN,
    sessionPath: '/api/auth/get-session',
    healthPath: '/api/health',
    signUp,
    createAccount: signUp,
    signIn: async (account: { email: string; password: string }) =>
      (await post(origin, '/api/auth/sign-in/email', account, 200)).cookie,
    stop,
  }
  for (let tries = 0; tries < READY_TRIES && server.exitCode === null; tries++) {
    if ((await fetch(origin + contestant.healthPath).catch(() => null))?.ok) return contestant
    await wait(50)
  }
  await stop()
  throw new Error('Better Auth did not start.')
}
