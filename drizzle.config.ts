import { defineConfig } from 'drizzle-kit'

// `npm run db:generate -- <name>` writes the same migration, under the same name, for both databases.
const dialect = process.env.DRIZZLE_DIALECT === 'postgresql' ? 'postgresql' : 'sqlite'
const folder = dialect === 'postgresql' ? 'postgres' : 'sqlite'

export default defineConfig({
  dialect,
  schema: `./db/schema/${folder}.ts`,
  out: `./db/migrations/${folder}`,
  migrations: { prefix: 'index' },
})
