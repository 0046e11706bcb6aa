import Sqlite from 'better-sqlite3'
import { drizzle as drizzleSqlite } from 'drizzle-orm/better-sqlite3'
import { drizzle as drizzlePostgres } from 'drizzle-orm/node-postgres'
import { Client } from 'pg'
import type { Tx } from '#db/client'
import { migrate } from '#db/migrate'
import { keepStatements } from '#db/statements'
import { testLocation } from '../deps.ts'

/** How the database means to find the rows of one statement. */
interface Plan {
  statement: string
  /** Tables (or their aliases) of which it reads everything, with or without the help of an index. */
  readsAll: string[]
  /** Whether it sorts, where an index might have given the order. */
  sorts: boolean
}

export interface ExplainingDatabase {
  /** The plan of each statement that `call` sends; what it writes is rolled back. */
  plansOf(call: (tx: Tx) => Promise<unknown>): Promise<Plan[]>
  close(): Promise<void>
}

interface Sent {
  statement: string
  params: unknown[]
}

/** A freshly migrated database that says how it would serve what a query sends. `seed` writes rows that stay. */
export async function explainingDatabase(seed: (tx: Tx) => Promise<unknown>): Promise<ExplainingDatabase> {
  const { location, remove } = await testLocation()
  await migrate(location)
  const sent: Sent[] = []
  const logger = { logQuery: (statement: string, params: unknown[]) => void sent.push({ statement, params }) }
  const { tx, execute, explain, end } =
    location.kind === 'sqlite' ? openSqlite(location.file, logger) : await openPostgres(location.url, logger)
  await seed(tx)
  if (location.kind === 'postgres') await execute('ANALYZE')
  return {
    plansOf: async (call) => {
      sent.length = 0
      await execute('BEGIN')
      await call(tx)
      await execute('ROLLBACK')
      const plans: Plan[] = []
      for (const each of sent.splice(0)) plans.push({ statement: each.statement, ...(await explain(each)) })
      return plans
    },
    close: async () => {
      await end()
      await remove()
    },
  }
}

interface Logger {
  logQuery(statement: string, params: unknown[]): void
}
type Explained = Omit<Plan, 'statement'>

function openSqlite(file: string, logger: Logger) {
  const connection = new Sqlite(file)
  keepStatements(connection)
  const explain = async ({ statement, params }: Sent): Promise<Explained> => {
    const steps = connection.prepare(`EXPLAIN QUERY PLAN ${statement}`).all(...params) as { detail: string }[]
    const details = steps.map(({ detail }) => detail)
    return {
      // "SCAN sessions USING INDEX ..." walks the index from end to end. Subqueries and constant rows are no tables.
      readsAll: details.flatMap((detail) => /^SCAN ([a-z]\w*)/u.exec(detail)?.[1] ?? []),
      sorts: details.some((detail) => detail.includes('TEMP B-TREE')),
    }
  }
  return {
    tx: drizzleSqlite(connection, { logger }) as unknown as Tx,
    execute: async (statement: string) => void connection.exec(statement),
    explain,
    end: async () => void connection.close(),
  }
}

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  Plans?: Node[]
}

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]
/** An index without a condition is walked from end to end. */
const readsAll = (node: Node) =>
  node['Node Type'] === 'Seq Scan' || (node['Index Name'] !== undefined && node['Index Cond'] === undefined)

async function openPostgres(url: string, logger: Logger) {
  const client = new Client({ connectionString: url })
  await client.connect()
  // The plan for any values: db/open-postgres.ts asks for no other.
  const explain = async ({ statement }: Sent): Promise<Explained> => {
    const { rows } = await client.query(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${statement}`)
    const nodes = nodesOf(rows[0]['QUERY PLAN'][0].Plan)
    return {
      readsAll: nodes.filter(readsAll).map((node) => node['Relation Name'] ?? node['Index Name'] ?? ''),
      sorts: nodes.some((node) => node['Node Type'].endsWith('Sort')),
    }
  }
  return {
    tx: drizzlePostgres(client, { logger }) as Tx,
    execute: async (statement: string) => void (await client.query(statement)),
    explain,
    end: () => client.end(),
  }
}
