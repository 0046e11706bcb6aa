import { constants } from 'node:os'

/**
 * SIGTERM and SIGINT end this process by way of `exit`, so that what it has started ends too (test/end-with-us.ts): by
 * itself a signal ends it on the spot, and leaves servers and databases running.
 */
export function exitOnSignals(): void {
  // The status that shells give to what a signal has ended.
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => process.exit(128 + constants.signals[signal]))
}
