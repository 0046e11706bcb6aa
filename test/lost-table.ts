import Sqlite from 'better-sqlite3'

/** While `work` runs, the SQLite file of a running server lacks this table: what needs it breaks, as after a botched upgrade. */
export async function withoutTable(file: string, table: string, work: () => Promise<void>): Promise<void> {
  const database = new Sqlite(file)
  database.exec(`ALTER TABLE ${table} RENAME TO lost`)
  try {
    await work()
  } finally {
    database.exec(`ALTER TABLE lost RENAME TO ${table}`)
    database.close()
  }
}
