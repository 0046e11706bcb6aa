import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, type DatabaseLocation, openDatabase } from '#db/client'
import { dialect } from '#db/schema/tables'
import { testLocation } from '../../test/deps.ts'
import { checkPostgres, checkWay } from './check-postgres.ts'

describe('the way to Postgres', () => {
  test.each([
    ['on this machine', 'postgres://me:hunter2@127.0.0.1/x', 'ok', /on this machine/u],
    ['by TLS', 'postgres://me:hunter2@db.example.com/x', 'ok', /reached by TLS, and its certificate is checked/u],
    ['in the clear', 'postgres://me:hunter2@db.example.com/x?sslmode=disable', 'warning', /without TLS/u],
    ['by any certificate', 'postgres://me:hunter2@db.example.com/x?sslmode=no-verify', 'warning', /any certificate/u],
  ])('%s', (_way, url, state, message) => {
    const finding = checkWay(url)
    expect(finding).toMatchObject({ state, message: expect.stringMatching(message) })
    expect(finding.message).not.toContain('hunter2')
  })
})

describe.runIf(dialect === 'postgres')('connections', () => {
  let db: Database
  let location: DatabaseLocation
  let remove: () => Promise<void>
  beforeAll(async () => {
    ;({ location, remove } = await testLocation())
    db = openDatabase(location)
  })
  afterAll(async () => {
    await db.close()
    await remove()
  })

  // test/start-postgres.ts allows 200, of which Postgres keeps three.
  test.each([
    [10, 2, 'ok', /^2 processes with a pool of 10 open up to 22 connections; Postgres has 197 for them/u],
    [196, 1, 'ok', /up to 197 connections; /u],
    [197, 1, 'warning', /up to 198 connections, and Postgres has 197 for them .*: lower DATABASE_POOL/u],
    [10, 18, 'warning', /^18 processes with a pool of 10 open up to 198 connections, /u],
  ])('a pool of %i in %i processes', async (pool, workers, state, message) => {
    const url = location.kind === 'postgres' ? location.url : ''
    const findings = await checkPostgres({ kind: 'postgres', url, pool }, workers, db)
    expect(findings).toMatchObject([{ state: 'ok' }, { state, message: expect.stringMatching(message) }])
  })
})
