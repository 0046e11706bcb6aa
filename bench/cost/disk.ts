import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
/** What `next build` keeps for the next build, and what a benchmark builds below it. */
const NOT_SERVED = ['cache', 'empty-app']

export interface OnDisk {
  /** Bytes. */
  total: number
  /** The largest first. */
  parts: { name: string; bytes: number }[]
}

/** Bytes of all files below, as long as they are; links count nothing. */
function bytesOf(path: string): number {
  const status = lstatSync(path)
  if (!status.isDirectory()) return status.isFile() ? status.size : 0
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0)
}

function onDisk(folder: string, names: string[]): OnDisk {
  const parts = names.map((name) => ({ name, bytes: bytesOf(join(folder, name)) })).sort((a, b) => b.bytes - a.bytes)
  return { total: parts.reduce((sum, { bytes }) => sum + bytes, 0), parts }
}

/** Packages by name, without those of these kinds (dev, optional); those of a scope such as @next count as one. */
export function installedOnDisk(omit: string[]): OnDisk {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-install-'))
  try {
    for (const file of ['package.json', 'package-lock.json', '.npmrc'])
      if (existsSync(join(ROOT, file))) cpSync(join(ROOT, file), join(folder, file))
    const omitted = omit.flatMap((kind) => ['--omit', kind])
    const npm = spawnSync('npm', ['ci', ...omitted, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (npm.status !== 0) throw new Error(`npm ci ${omitted.join(' ')} failed:\n${npm.stdout}${npm.stderr}`)
    const packages = join(folder, 'node_modules')
    return onDisk(packages, readdirSync(packages))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What `npm start` serves, by the folders of .next. */
export function buildOnDisk(): OnDisk {
  const folder = join(ROOT, '.next')
  return onDisk(
    folder,
    readdirSync(folder).filter((name) => !NOT_SERVED.includes(name)),
  )
}
