import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { endWithUs } from '../../test/end-with-us.ts'

const DEPLOYED = join(import.meta.dirname, '..', '..', 'deploy', 'nginx.conf')
// The machine's own commands, no packages of npm.
const NGINX = 'nginx'
const OPENSSL = 'openssl'
const INSTANCE = 'server 127.0.0.1:3000 max_fails=1 fail_timeout=1s;'
const READY_WITHIN_MS = 5_000

interface Ports {
  /** Of each instance. */
  apps: number[]
  http: number
  https: number
  /** As an operator might add who wants it quicker: one cache for everybody, which keeps what does not forbid it. */
  caches?: true
}

/** The site of deploy/nginx.conf with its own instances, ports, name and certificate, and not a line else. Throws when one is not found. */
function siteFor({ apps, http, https, caches }: Ports, folder: string): string {
  const changes: [text: string, to: string][] = [
    [INSTANCE, apps.map((port) => INSTANCE.replace('3000', String(port))).join('\n')],
    ['listen 80;', `listen 127.0.0.1:${http};`],
    ['listen 443 ssl http2;', `listen 127.0.0.1:${https} ssl http2;`],
    ['listen [::]:80;', ''],
    ['listen [::]:443 ssl http2;', ''],
    ['https://id.example.com$request_uri', `https://localhost:${https}$request_uri`],
    ['server_name id.example.com;', 'server_name localhost;'],
    ['/etc/letsencrypt/live/id.example.com/', `${folder}/`],
  ]
  let site = readFileSync(DEPLOYED, 'utf8')
  for (const [text, to] of changes) {
    if (!site.includes(text)) throw new Error(`deploy/nginx.conf has no "${text}" any more.`)
    site = site.replaceAll(text, to)
  }
  return caches ? withCache(site, folder) : site
}

/** By path alone, also what sets a cookie, and ten minutes where nothing is said of time: as careless as it can be. */
function withCache(site: string, folder: string): string {
  const cached = [
    'proxy_cache shared;',
    'proxy_cache_valid any 10m;',
    'proxy_ignore_headers Set-Cookie;',
    'add_header X-Cache-Status $upstream_cache_status always;',
  ]
  const pass = 'proxy_pass http://vestibule;'
  if (!site.includes(pass)) throw new Error(`deploy/nginx.conf has no "${pass}" any more.`)
  return `proxy_cache_path ${folder}/cache keys_zone=shared:1m;\n${site.replace(pass, [pass, ...cached].join('\n'))}`
}

const mainFile = (folder: string) => `
daemon off; user ${userInfo().username}; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr error;
events { worker_connections 2048; }
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  include ${folder}/site.conf;
}`

export function makeCertificate(folder: string): void {
  const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', join(folder, 'privkey.pem')]
  const certificate = ['-x509', '-days', '1', '-subj', '/CN=localhost', '-out', join(folder, 'fullchain.pem')]
  execFileSync(OPENSSL, ['req', ...key, ...certificate], { stdio: 'ignore' })
}

export interface RunningProxy {
  /** Of its certificate, which nobody signed. */
  certificate: string
  stop(): Promise<void>
}

/** A real nginx of its own in front of the app, with nothing shared with the machine's. `stop` ends that process alone. */
export async function startNginx(ports: Ports): Promise<RunningProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-nginx-'))
  makeCertificate(folder)
  writeFileSync(join(folder, 'site.conf'), siteFor(ports, folder))
  writeFileSync(join(folder, 'nginx.conf'), mainFile(folder))
  const nginx = spawn(NGINX, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  endWithUs(nginx, { signal: 'SIGTERM', folder })
  let said = ''
  nginx.stderr.on('data', (chunk) => {
    said += chunk
  })
  const closed = once(nginx, 'close')
  const stop = async () => {
    nginx.kill('SIGTERM')
    await closed
    rmSync(folder, { recursive: true, force: true })
  }
  const certificate = readFileSync(join(folder, 'fullchain.pem'), 'utf8')
  if (await listens(ports.https, () => nginx.exitCode !== null)) return { certificate, stop }
  await stop()
  throw new Error(`nginx did not become ready. It said:\n${said}`)
}

export async function listens(port: number, hasExited: () => boolean): Promise<boolean> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline && !hasExited()) {
    const socket = connect(port, '127.0.0.1')
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (connected) return true
    await wait(50)
  }
  return false
}
