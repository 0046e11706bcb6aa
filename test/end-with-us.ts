import type { ChildProcess } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'

interface Ending {
  /** SIGKILL unless said; one that has children of its own has to be asked. */
  signal?: NodeJS.Signals
  /** Its data, removed with it. */
  folder?: string
}

/**
 * When this process exits while the child still runs, the child ends too. A signal that nobody handles is no exit: see
 * attack/exit-on-signals.ts.
 */
export function endWithUs(child: ChildProcess, { signal = 'SIGKILL', folder }: Ending = {}): void {
  const end = () => {
    child.kill(signal)
    if (folder) removeFolder(folder)
  }
  // Before what was started earlier, which it may be using.
  process.prependOnceListener('exit', end)
  child.once('exit', () => process.off('exit', end))
}

/** Also one in which a process that was just ended still writes and deletes; rmSync itself gives up, unseen, where a file is gone before it. */
export function removeFolder(folder: string): void {
  for (let tries = 0; tries < 20 && existsSync(folder); tries += 1)
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}
