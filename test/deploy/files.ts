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
