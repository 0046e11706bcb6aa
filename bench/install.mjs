/** Installs what the benchmarks need and the app does not, once. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = import.meta.dirname

if (!existsSync(join(FOLDER, 'node_modules'))) {
  console.log('Installing the packages of the benchmarks, once.')
  const npm = spawnSync('npm', ['ci', '--prefix', FOLDER, '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  process.exitCode = npm.status ?? 1
}
