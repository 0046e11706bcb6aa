import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endWithUs } from '../../test/end-with-us.ts'
import { listens, makeCertificate, type RunningProxy } from '../abuse/nginx.ts'

const DEPLOYED = join(import.meta.dirname, '..', '..', 'deploy', 'haproxy.cfg')
// The machine's own command, no package of npm.
const HAPROXY = 'haproxy'

interface Ports {
  /** Of each instance. */
  apps: number[]
  http: number
  https: number
}

/** deploy/haproxy.cfg with its own instances, ports and certificate, and not a line else. Throws when one is not found. */
function configurationFor({ apps, http, https }: Ports, certificate: string): string {
  const changes: [text: string, to: string][] = [
    ['server one 127.0.0.1:3000', apps.map((port) => `server port${port} 127.0.0.1:${port}`).join('\n    ')],
    // It runs as whoever starts it here, who may be nobody to change into another.
    ['    user haproxy\n    group haproxy\n', ''],
    ['bind :80\n', `bind 127.0.0.1:${http}\n`],
    ['bind :443 ssl crt /etc/haproxy/id.example.com.pem', `bind 127.0.0.1:${https} ssl crt ${certificate}`],
  ]
  let configuration = readFileSync(DEPLOYED, 'utf8')
  for (const [text, to] of changes) {
    if (!configuration.includes(text)) throw new Error(`deploy/haproxy.cfg has no "${text}" any more.`)
    configuration = configuration.replace(text, to)
  }
  return configuration
}

/** A real HAProxy in front of the instances. `stop` ends that process alone. */
export async function startHaproxy(ports: Ports): Promise<RunningProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-haproxy-'))
  makeCertificate(folder)
  const certificate = readFileSync(join(folder, 'fullchain.pem'), 'utf8')
  const both = join(folder, 'both.pem')
  writeFileSync(both, certificate + readFileSync(join(folder, 'privkey.pem'), 'utf8'), { mode: 0o600 })
  writeFileSync(join(folder, 'haproxy.cfg'), configurationFor(ports, both))
  const haproxy = spawn(HAPROXY, ['-db', '-f', join(folder, 'haproxy.cfg')], { stdio: ['ignore', 'ignore', 'pipe'] })
  endWithUs(haproxy, { folder })
  let said = ''
  haproxy.stderr.on('data', (chunk) => {
    said += chunk
  })
  const closed = once(haproxy, 'close')
  const stop = async () => {
    haproxy.kill('SIGTERM')
    await closed
    rmSync(folder, { recursive: true, force: true })
  }
  if (await listens(ports.https, () => haproxy.exitCode !== null)) return { certificate, stop }
  await stop()
  throw new Error(`HAProxy did not become ready. It said:\n${said}`)
}
