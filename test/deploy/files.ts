import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '..', '..')
const DEPLOY = join(ROOT, 'deploy')

export const readDeployed = (name: string) => readFileSync(join(DEPLOY, name), 'utf8')
export const UNITS = readdirSync(join(DEPLOY, 'systemd')).filter((name) => name.endsWith('.service'))

/** Lines without comments and what is indented away. */
export const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))

/** `NAME` of each `NAME=value`, of `Environment=` lines, env files and `ENV`. */
export const namesSet = (text: string) =>
  [...text.matchAll(/(?:^#?|[ =])([A-Z][A-Z_]+)=/gmu)].map(([, name]) => name ?? '')

/** Seconds after this word: `TimeoutStopSec=30`, `keepalive_timeout 4s;`. Throws when it is not there. */
export function secondsAfter(text: string, word: string): number {
  const [, number, unit] = new RegExp(`^\\s*${word}[= :]+(\\d+)(ms|s)?;?$`, 'mu').exec(text) ?? []
  if (number === undefined) throw new Error(`No "${word}" there.`)
  return Number(number) / (unit === 'ms' ? 1000 : 1)
}
