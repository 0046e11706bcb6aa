import type { JobLog } from '#lib/jobs/job-log'

interface Entry {
  level: 'info' | 'warn' | 'error'
  details: object
  message: string
}

/** A log that remembers. */
export function recordingLog(): JobLog & { entries: Entry[] } {
  const entries: Entry[] = []
  const at = (level: Entry['level']) => (details: object, message: string) =>
    void entries.push({ level, details, message })
  return { entries, info: at('info'), warn: at('warn'), error: at('error') }
}
