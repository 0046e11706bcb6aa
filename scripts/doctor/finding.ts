/** `wrong`: something does not work or is not safe. `warning`: it may be so on purpose, or could not be looked at. */
export interface Finding {
  check: string
  state: 'ok' | 'warning' | 'wrong'
  /** What was found; unless all is well, also how to mend it. */
  message: string
}

/** Makers of findings of one check. */
export function findingsOf(check: string) {
  const finding =
    (state: Finding['state']) =>
    (message: string): Finding => ({ check, state, message })
  return { ok: finding('ok'), warning: finding('warning'), wrong: finding('wrong') }
}

/** What the check finds; that it broke is a finding too. */
export async function findingsFrom(check: string, look: () => Finding[] | Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look()
  } catch (error) {
    return [findingsOf(check).wrong(`This could not be looked at: ${reasonOf(error)}.`)]
  }
}

/** What the driver or the system said first; what was wrapped around it repeats statements and their parameters. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return reasonOf(error.cause)
  return error.message || (error as NodeJS.ErrnoException).code || error.name
}
