import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const ROOT = dirname(import.meta.dirname)
const NEXT = join(ROOT, 'node_modules/next/dist/bin/next')
/** Below the checkout, so that it finds the same node_modules; in a folder that git and the build both ignore. */
const FOLDER = join(ROOT, '.next', 'empty-app')

const FILES = {
  'package.json': '{ "name": "empty", "private": true, "type": "module" }',
  'next.config.mjs': `export default { turbopack: { root: ${JSON.stringify(ROOT)} } }`,
  // Its own, or Next takes the one of the project that its packages are found in.
  'instrumentation.js': 'export const register = () => undefined',
  'app/layout.jsx': 'export default ({ children }) => <html lang="en"><body>{children}</body></html>',
  'app/page.jsx': 'export default () => null',
}

/** The least that this Next can serve: one empty page. Resolves with its address and the end of it. */
export async function startEmptyApp(port: number): Promise<{ origin: string; stop(): Promise<void> }> {
  rmSync(FOLDER, { recursive: true, force: true })
  mkdirSync(join(FOLDER, 'app'), { recursive: true })
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(FOLDER, name), text)
  const options = {
    cwd: FOLDER,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  } as const
  const built = spawnSync(process.execPath, [NEXT, 'build'], { ...options, encoding: 'utf8' })
  if (built.status !== 0) throw new Error(`The empty app cannot be built:\n${built.stdout}${built.stderr}`)
  const server = spawn(process.execPath, [NEXT, 'start', '-p', String(port), '-H', '127.0.0.1'], {
    ...options,
    stdio: 'ignore',
  })
  const exit = once(server, 'exit')
  const origin = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 200; tries++) {
    if ((await fetch(origin).catch(() => null))?.ok) break
    await wait(50)
  }
  const stop = async () => {
    server.kill('SIGTERM')
    await exit
    rmSync(FOLDER, { recursive: true, force: true })
  }
  return { origin, stop }
}
