import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { freePort } from '../../e2e/start-server.ts'

/** `bare-sessions.ts` in a process of its own, on the database of a running Vestibule. */
export async function startBareServer(databaseFile: string) {
  const port = await freePort()
  const script = join(import.meta.dirname, 'bare-sessions.ts')
  const server = spawn(process.execPath, [script, databaseFile, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(server, 'exit')
  const ready = await Promise.race([once(server.stdout, 'data'), exited.then(() => null)])
  if (!ready) throw new Error('The bare server did not start.')
  const stop = () => {
    server.kill('SIGTERM')
    return exited
  }
  const origin = `http://127.0.0.1:${port}`
  return { name: 'bare node:http', origin, pid: server.pid ?? Number.NaN, sessionPath: '/auth/session', stop }
}
