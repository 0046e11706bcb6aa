import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Options of Playwright's launch: the Chromium that `scripts/setup.mjs --browser` found or fetched. */
export function launchOptions(args: string[] = []) {
  const found = join(import.meta.dirname, '../node_modules/.cache/chromium-path')
  const executablePath = existsSync(found) ? readFileSync(found, 'utf8') : undefined
  return {
    ...(executablePath && { executablePath }),
    // Chromium's own sandbox refuses to work for root.
    args: [...args, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  }
}
