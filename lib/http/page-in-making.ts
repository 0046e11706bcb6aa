import { AsyncLocalStorage } from 'node:async_hooks'
import { isOutOfReach } from './broken-machinery.ts'

/** What became known while a page was made, for who sends it (replace-broken-pages.ts). */
export interface PageInMaking {
  /** The database did not answer, so the same request may do in a moment. */
  unavailable: boolean
}

// Pages live in Next's bundles, which have a copy of this module, hence the symbol (lib/deps.ts).
const KEY = Symbol.for('vestibule.page-in-making')
type Shared = typeof globalThis & { [KEY]?: AsyncLocalStorage<PageInMaking> }

function current(): AsyncLocalStorage<PageInMaking> {
  const shared = globalThis as Shared
  shared[KEY] ??= new AsyncLocalStorage()
  return shared[KEY]
}

/** `make` makes the page, at once or in time. */
export const makePage = <Made>(page: PageInMaking, make: () => Made): Made => current().run(page, make)

/** For what a page reads of the database. Throws on what it is given. */
export function noteOutage(error: unknown): never {
  const page = current().getStore()
  if (page && isOutOfReach(error)) page.unavailable = true
  throw error
}
