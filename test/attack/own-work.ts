/** What a request may take of this process, in milliseconds of CPU: a page on a phone waits that long without noticing. */
export const OWN_WORK_BELOW_MS = 250

/**
 * Runs `work` alone and tells how many milliseconds of CPU it took, over all threads of this process. Not the time on the
 * clock: on a shared machine that is mostly the time of others. What waits, for a lock or a thread, is not counted; the
 * work of the database is, because SQLite runs in this process.
 */
export async function ownWork<T>(work: () => Promise<T>): Promise<{ result: T; milliseconds: number }> {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { result, milliseconds: (user + system) / 1000 }
}
