/** Starts the built app before the first journey, and afterwards reads its log: no journey may have met a 5xx. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unprovoked } from './provoked.ts'
import { startServer } from './start-server.ts'

export default async function setup() {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-e2e-'))
  const server = await startServer()
  // The workers inherit both; playwright.config.ts makes the first its baseURL.
  process.env.E2E_ORIGIN = server.origin
  process.env.E2E_PROVOKED = join(folder, 'provoked')
  return async () => {
    const log = server.log()
    const exitCode = await server.stop()
    const broken = unprovoked(log)
    rmSync(folder, { recursive: true, force: true })
    if (broken.length > 0) throw new Error(`The server answered 5xx unprovoked:\n${broken.join('\n')}\n\n${log}`)
    if (exitCode !== 0) throw new Error(`The server ended with ${exitCode} after SIGTERM:\n${log}`)
  }
}
