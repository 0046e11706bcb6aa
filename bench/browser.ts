import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Options of Playwright's launch: the Chromium that `scripts/setup.mjs --browser` found or fetched; with windows, as people have it. */
export function launchOptions(args: string[] = []) {
  const found = join(import.meta.dirname, '../node_modules/.cache/chromium-path')
  const known = existsSync(found) ? readFileSync(found, 'utf8') : undefined
  const executablePath = [known?.replace(/-headless-shell$/u, ''), known].find((file) => file && existsSync(file))
  return {
    ...(executablePath && { executablePath }),
    // Chromium's own sandbox refuses to work for root.
    args: [...args, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  }
}
