import { type Placeholder, sql } from 'drizzle-orm'
import type { Reader } from './client.ts'

interface Buildable<Rows> {
  prepare(name: string): { execute(values: Record<string, unknown>): Promise<Rows> }
}

/**
 * A query that Drizzle builds once for each connection instead of at every call, for those that most requests ask.
 * `names` are its values: placeholders while it is built, given at each call.
 */
export function prepared<const Name extends string, Rows, Using extends Reader = Reader>(
  names: readonly Name[],
  build: (tx: Using, values: Record<Name, Placeholder>) => Buildable<Rows>,
): (tx: Using, values: Record<Name, string | number>) => Promise<Rows> {
  const built = new WeakMap<Using, ReturnType<Buildable<Rows>['prepare']>>()
  const placeholders = Object.fromEntries(names.map((name) => [name, sql.placeholder(name)])) as Record<
    string,
    Placeholder
  >
  return async (tx, values) => {
    let query = built.get(tx)
    if (!query) {
      // On Postgres the name is given where every statement gets one: see statements.ts.
      query = build(tx, placeholders).prepare('')
      built.set(tx, query)
    }
    return await query.execute(values)
  }
}
