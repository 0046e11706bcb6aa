/** Once per server process, before its first request: the tables, made by the library's own migrations. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const [{ getMigrations }, { auth }] = await Promise.all([import('better-auth/db/migration'), import('./lib/auth')])
  const { runMigrations } = await getMigrations(auth.options)
  await runMigrations()
}
