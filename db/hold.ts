import { AsyncLocalStorage } from 'node:async_hooks'
import { DatabaseUnavailable, isUnavailable } from './outage.ts'

/** How long a statement may wait for a lock or a connection before it is an error: requests must not pile up behind it. */
export const WAIT_MS = 5_000

const holding = new AsyncLocalStorage<true>()

/** Whoever asks for the database while holding it would wait for themselves for ever; said at once instead. */
export async function hold<T>(take: (work: () => Promise<T>) => Promise<T>, work: () => Promise<T>): Promise<T> {
  if (holding.getStore()) throw new Error('Already holding the database: pass tx on instead of asking again.')
  try {
    return await take(() => holding.run(true, work))
  } catch (error) {
    throw isUnavailable(error) ? new DatabaseUnavailable('The database does not answer.', { cause: error }) : error
  }
}
