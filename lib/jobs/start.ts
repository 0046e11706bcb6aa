import { registerNudge } from '../mail/nudge.ts'
import { type DeleteExpiredDeps, deleteExpired } from './delete-expired.ts'
import { every } from './every.ts'
import { type RaiseAlarmDeps, raiseAlarm } from './raise-alarm.ts'
import { type SendOutboxDeps, sendOutbox } from './send-outbox.ts'
import { settledClock } from './settled-clock.ts'

/** The nudge makes mail quick; this is what makes it certain. */
const SEND_EVERY_MS = 5_000
const SWEEP_EVERY_MS = 10 * 60_000
const LOOK_EVERY_MS = 60_000

const STOP = Symbol.for('vestibule.stop')
/** Where server.ts, which shares no module with Next's bundles, finds the way to stop the jobs. */
const shared = globalThis as unknown as Record<symbol, (() => Promise<void>) | undefined>

/** Starts the jobs of this process; calling it again changes nothing. The stop function waits for what is running. */
export function startJobs(
  given: Omit<SendOutboxDeps & DeleteExpiredDeps, 'settled'> & RaiseAlarmDeps,
): () => Promise<void> {
  const already = shared[STOP]
  if (already) return already
  const deps = { ...given, settled: settledClock(given.now, () => performance.now(), given.log) }
  const sending = every(SEND_EVERY_MS, 'send-outbox', (stopping) => sendOutbox(deps, stopping), deps.log)
  const sweeping = every(SWEEP_EVERY_MS, 'delete-expired', (stopping) => deleteExpired(deps, stopping), deps.log)
  const looking = every(LOOK_EVERY_MS, 'raise-alarm', () => raiseAlarm(deps), deps.log)
  const stop = async () => {
    registerNudge(undefined)
    await Promise.all([sending.stop(), sweeping.stop(), looking.stop()])
    if (shared[STOP] === stop) shared[STOP] = undefined
  }
  registerNudge(sending.nudge)
  shared[STOP] = stop
  return stop
}
