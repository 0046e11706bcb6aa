import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'

// An attack suite that is told to end leaves nothing behind. A script stands for it that starts what suites start: a
// process with a folder of its own, and a Postgres.

const ROOT = join(import.meta.dirname, '..', '..')
const SCRIPT = `
  import { spawn } from 'node:child_process'
  import { exitOnSignals } from '${join(ROOT, 'attack/exit-on-signals.ts')}'
  import { endWithUs } from '${join(ROOT, 'test/end-with-us.ts')}'
  import { startPostgres } from '${join(ROOT, 'test/start-postgres.ts')}'
  exitOnSignals()
  await startPostgres()
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  endWithUs(child, { folder: process.env.FOLDER })
  console.log(child.pid)
  setInterval(() => {}, 1000)
`

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function until(holds: () => boolean): Promise<boolean> {
  for (const deadline = Date.now() + 10_000; Date.now() < deadline && !holds(); ) await wait(20)
  return holds()
}

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('%s ends a suite, and all that it has started with it', async (signal, status) => {
  const temporary = mkdtempSync(join(tmpdir(), 'vestibule-suite-'))
  // Postgres runs as another user where this one is root, and has to get through.
  chmodSync(temporary, 0o755)
  const folder = mkdtempSync(join(temporary, 'data-'))
  const suite = spawn(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
    env: { ...process.env, FOLDER: folder, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(suite, 'close')
  const [child] = await Promise.race([
    once(suite.stdout, 'data'),
    closed.then(() => expect.fail('It ended by itself.')),
  ])
  const [postmaster = expect.fail('Postgres has no folder.')] = globSync(join(temporary, '*/data/postmaster.pid'))
  const started = [child, readFileSync(postmaster, 'utf8').split('\n')[0]].map(Number)
  expect(started.map(isRunning)).toEqual([true, true])
  suite.kill(signal)
  expect(await closed).toEqual([status, null])
  expect(await until(() => !started.some(isRunning))).toBe(true)
  expect(readdirSync(temporary)).toEqual([])
  rmSync(temporary, { recursive: true })
})
