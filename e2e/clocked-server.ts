import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningServer, startServer } from './start-server.ts'

export interface ClockedServer extends RunningServer {
  /** From now on the server's clock is so many milliseconds ahead of this machine's. */
  setAhead(milliseconds: number): void
}

/** A server whose clock can be set while it runs: how journeys meet what has expired, with the browser that asked for it. */
export async function startClockedServer(settings: Record<string, string> = {}): Promise<ClockedServer> {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-clock-'))
  const file = join(folder, 'shift')
  const setAhead = (milliseconds: number) => writeFileSync(file, String(milliseconds))
  setAhead(0)
  const clock = new URL('../attack/failures/shifted-clock.ts', import.meta.url).href
  const server = await startServer({ NODE_OPTIONS: `--import=${clock}`, CLOCK_SHIFT_FILE: file, ...settings })
  const stop = async (provoked?: string[]) => {
    const exitCode = await server.stop(provoked)
    rmSync(folder, { recursive: true, force: true })
    return exitCode
  }
  return { ...server, setAhead, stop }
}
