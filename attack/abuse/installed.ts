import { spawnSync } from 'node:child_process'

const APT = 'apt-get'

const isThere = (command: string, option: string) =>
  spawnSync(command, [option], { stdio: 'ignore' }).error === undefined

const known = new Map<string, boolean>()

/** Whether a command can be run, after installing its Debian package where that is possible. Tried once for each. */
export function installed(command: string, option?: string): boolean {
  const there = known.get(command) ?? install(command, option)
  known.set(command, there)
  return there
}

function install(command: string, option = '-h'): boolean {
  if (isThere(command, option)) return true
  if (process.getuid?.() !== 0 || !isThere(APT, '--version')) return false
  const installing = ['install', '-y', '--no-install-recommends', command]
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync(APT, installing, { stdio: 'ignore', timeout: 120_000, env })
  return isThere(command, option)
}

export const NOT_INSTALLED = (command: string) =>
  `${command} is not installed and cannot be: apt-get install ${command}`
