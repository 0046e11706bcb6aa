import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { inject } from 'vitest'
import { type Database, type DatabaseLocation, openDatabase } from '#db/client'
import { migrate } from '#db/migrate'
import { dialect } from '#db/schema/tables'
import type { Caller, Deps, Passwords } from '#lib/auth/deps'
import type { Letter } from '#lib/auth/letters'
import { ok } from '#lib/auth/result'
import { hashToken } from '#lib/auth/token'
import { makeLimits } from '#lib/limits/limits'
import { makeOutbox } from '#lib/mail/outbox'
import { isCommonPassword } from '#lib/passwords/blocklist'
import { systemRandom } from '#lib/random'
import { makeSecrets } from '#lib/secrets'

/** Noon of a day in 2026: tests set the clock, nothing waits. */
export const NOON = Date.UTC(2026, 5, 1, 12)

async function asPostgresAdmin(statement: string): Promise<void> {
  const client = new Client({ connectionString: inject('postgresUrl') })
  await client.connect()
  await client.query(statement)
  await client.end()
}

function postgresLocation(name: string): DatabaseLocation {
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${name}`
  return { kind: 'postgres', url: url.href }
}

/** An empty place for a database of this run's kind. Postgres itself is thrown away after the run, folders by `remove`. */
export async function testLocation(): Promise<{ location: DatabaseLocation; remove: () => Promise<void> }> {
  if (dialect === 'sqlite') {
    const folder = mkdtempSync(path.join(tmpdir(), 'vestibule-test-'))
    const remove = async () => rmSync(folder, { recursive: true, force: true })
    return { location: { kind: 'sqlite', file: path.join(folder, 'test.db') }, remove }
  }
  const name = `test_${systemRandom.digits(12)}`
  await asPostgresAdmin(`CREATE DATABASE ${name}`)
  return { location: postgresLocation(name), remove: async () => undefined }
}

let migrated: Promise<DatabaseLocation> | undefined

/** The real migrations run once for each test file; every test then starts from a copy. */
async function migratedLocation(): Promise<DatabaseLocation> {
  const { location, remove } = await testLocation()
  await migrate(location)
  process.once('exit', () => void remove())
  return location
}

async function copyOf(
  template: DatabaseLocation,
): Promise<{ location: DatabaseLocation; remove: () => Promise<void> }> {
  if (template.kind === 'sqlite') {
    const copy = await testLocation()
    if (copy.location.kind === 'sqlite') cpSync(template.file, copy.location.file)
    return copy
  }
  const name = `test_${systemRandom.digits(12)}`
  await asPostgresAdmin(`CREATE DATABASE ${name} TEMPLATE ${new URL(template.url).pathname.slice(1)}`)
  return { location: postgresLocation(name), remove: async () => undefined }
}

/** A fresh database with the real migrations; `close` also removes it. */
export async function testDatabase(): Promise<Database> {
  migrated ??= migratedLocation()
  const { location, remove } = await copyOf(await migrated)
  const db = openDatabase(location)
  return {
    ...db,
    close: async () => {
      await db.close()
      await remove()
    },
  }
}

/** Reversible and instant, in the shape of the real one: what bcrypt does is tested with the hasher. */
function fastPasswords(): Passwords & { comparisons: number } {
  return {
    comparisons: 0,
    admit: (act) => act(),
    hash: async (password) => ok(`fast$${Buffer.from(password).toString('base64url')}`),
    async verify(password, stored) {
      this.comparisons += 1
      const matches = stored?.endsWith(`$${Buffer.from(password).toString('base64url')}`) ?? false
      return ok({ matches, needsRehash: stored?.startsWith('old$') ?? false })
    },
    isCommon: isCommonPassword,
  }
}

interface QueuedMail {
  to: string
  letter: Letter
  expiresAt: number
}

export interface TestDeps extends Deps {
  db: Database
  passwords: Passwords & { comparisons: number }
  /** What the verbs queued for somebody, oldest first. Decoys are addressed to nobody and not in here. */
  mails: QueuedMail[]
  clock: { now: number; advance(milliseconds: number): void }
}

/** Everything a verb needs: a real database, a clock that stands still, a fast hasher, and the mail it queued. */
export async function testDeps(overrides: Partial<Deps> = {}): Promise<TestDeps> {
  const db = await testDatabase()
  const clock = {
    now: NOON,
    advance(milliseconds: number) {
      this.now += milliseconds
    },
  }
  const now = () => clock.now
  const mails: QueuedMail[] = []
  const secrets = makeSecrets('test-secret-of-at-least-thirty-two-characters')
  const outbox = makeOutbox({ secrets, random: systemRandom, now, nudge: () => undefined })
  return {
    db,
    now,
    random: systemRandom,
    passwords: fastPasswords(),
    limits: makeLimits(db, now),
    secrets,
    outbox: {
      ...outbox,
      enqueue: async (tx, mail) => {
        await outbox.enqueue(tx, mail)
        if (mail.to !== '') mails.push(mail)
      },
    },
    settings: { passwordMinLength: 8, siteName: 'Vestibule', siteHost: 'localhost' },
    mails,
    clock,
    ...overrides,
  } as TestDeps
}

/** A browser: its device, its session once it has one, and where it calls from. */
export function browser(name: string, ip = '192.0.2.1'): Caller {
  return {
    requestId: 'test-request',
    ip,
    origin: { key: ip, wide: null },
    deviceHash: hashToken(name),
    userAgent: 'Test/1.0',
    askedFrom: { browser: 'Firefox', system: 'Linux' },
    sessionToken: null,
  }
}
