import type Sqlite from 'better-sqlite3'
import type { PoolClient } from 'pg'

/**
 * Texts that a database keeps parsed, per connection. Ours are about a hundred; only a list of values can make more of
 * them, one for each length, and those past this number are parsed every time.
 */
const KEPT_AT_MOST = 500

/**
 * SQLite parses and plans a text once: the same text is answered with the same statement from then on. A statement with a
 * value that its planner might look at would be parsed anew for every other value, though (https://sqlite.org/c3ref/prepare.html,
 * item 3). Behind a plus, which means nothing else, no value is seen.
 */
export function keepStatements(connection: Sqlite.Database): void {
  const kept = new Map<string, Sqlite.Statement>()
  const prepare = connection.prepare.bind(connection) as (text: string) => Sqlite.Statement
  const prepareOnce = (text: string) => {
    const known = kept.get(text)
    if (known) return known
    const statement = prepare(text.replaceAll('= ?', '= +?'))
    if (kept.size < KEPT_AT_MOST) kept.set(text, statement)
    return statement
  }
  connection.prepare = prepareOnce as typeof connection.prepare
}

const names = new Map<string, string>()

/** The same text has the same name on every connection of this process. */
function nameOf(text: string): string | undefined {
  const known = names.get(text)
  if (known || names.size >= KEPT_AT_MOST) return known
  const name = `vestibule_${names.size + 1}`
  names.set(text, name)
  return name
}

/** Postgres parses a statement once a connection when it has a name. What is sent as bare text, such as BEGIN, has none. */
export function nameStatements(client: PoolClient): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown
  const queryByName = (config: string | { text: string }, ...rest: unknown[]) =>
    query(typeof config === 'string' ? config : { ...config, name: nameOf(config.text) }, ...rest)
  client.query = queryByName as typeof client.query
}
