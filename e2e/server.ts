import { startServer } from './start-server.ts'

/** Starts the built app before the first journey, and ends it after the last: no journey may have met a 5xx. */
export default async function setup() {
  const server = await startServer()
  // The workers inherit it; playwright.config.ts makes it their baseURL.
  process.env.E2E_ORIGIN = server.origin
  return async () => {
    const exitCode = await server.stop()
    if (exitCode !== 0) throw new Error(`The server ended with ${exitCode} after SIGTERM.`)
  }
}
