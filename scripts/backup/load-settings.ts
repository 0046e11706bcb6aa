import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { setNodeEnv } from '#lib/env'

const ROOT = dirname(dirname(import.meta.dirname))
/** CommonJS whose names Node cannot see. */
const { loadEnvConfig } = createRequire(import.meta.url)('@next/env') as typeof import('@next/env')

/**
 * Puts into process.env what the app would read at its start, so that a script sees the same settings. Load whatever
 * reaches db/schema/tables.ts after this: that file picks its database by them.
 */
export function loadSettings(): void {
  process.chdir(ROOT)
  setNodeEnv(false)
  loadEnvConfig(ROOT, false, { info: () => undefined, error: console.error })
}

/** A path as the person typed it: npm runs scripts in the folder of package.json and says where it was called. */
export const typedPath = (path: string) => resolve(process.env.INIT_CWD ?? process.cwd(), path)
