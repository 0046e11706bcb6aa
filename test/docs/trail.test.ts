import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ROOT, readPage } from './pages.ts'

// The trail is append only: one place writes it, one place lets old rows go, and no statement changes one. What the database
// itself makes of a change is in test/docs/claims.db.test.ts and test/operations/least-privilege.db.test.ts.

const TABLES = ['users', 'challenges', 'sessions', 'devices', 'outbox', 'messages', 'limits', 'events']
const SOURCES = globSync(['{app,components,db,lib,scripts}/**/*.{ts,tsx,mjs,sql}', '*.{ts,mjs}'], { cwd: ROOT })
  .filter((path) => !/\.test\.tsx?$/u.test(path))
  .map((path) => ({ path, text: readPage(path) }))

/** Each match with the file it is in, such as `db/queries/events.ts insert(events)`. */
const found = (pattern: RegExp, sources = SOURCES) =>
  sources
    .flatMap(({ path, text }) => (text.match(pattern) ?? []).map((match) => `${path} ${match.replace(/\s+/gu, ' ')}`))
    .toSorted()

/** A query that writes the table, or a description that has its rows deleted. */
const WRITES = /\b(?:insert|update|delete)\(\s*events\s*\)|\btable: events\b/gu
/** A query that writes a table which only its caller knows. */
const WRITES_ANY = new RegExp(
  `\\b(?:tx|db)\\s*\\.(?:insert|update|delete)\\(\\s*(?!(?:${TABLES.join('|')})\\b)\\w+`,
  'gu',
)
/** The table under another name, or all tables at once. */
const RENAMED = /\bevents as \w+|\bevents: \w+ \}|import \* as \w+ from '[^']*schema\/(?:tables|sqlite|postgres)/gu
const STATEMENTS =
  /\b(?:insert\s+into|update|delete\s+from|replace\s+into|truncate(?:\s+table)?|drop\s+table)\s+["`]?events\b/giu

test('the trail is written in one place and deleted in one, and nothing changes it', () => {
  expect(SOURCES.length).toBeGreaterThan(150)
  expect(found(WRITES)).toEqual(['db/queries/events.ts insert(events)', 'db/queries/expired.ts table: events'])
  expect(found(WRITES_ANY)).toEqual(['db/queries/expired.ts tx .delete(table'])
  expect(found(RENAMED)).toEqual([])
  expect(found(STATEMENTS)).toEqual([])
})

test.each([
  ['a query that changes it', WRITES, 'await tx.update(events).set({ outcome })'],
  ['a second sweep', WRITES, 'deletes({ table: events, key: [events.id], time: events.at })'],
  ['a query of any table', WRITES_ANY, 'await tx.update(table).set(values)'],
  ['another name', RENAMED, "import { events as trail } from '../schema/tables.ts'"],
  ['all tables at once', RENAMED, "import * as tables from '#db/schema/sqlite'"],
  ['a statement as text', STATEMENTS, 'connection.exec(`delete from events where at < 0`)'],
  ['a migration', STATEMENTS, 'UPDATE "events" SET "outcome" = \'ok\';'],
])('it would be seen: %s', (_name, pattern, text) => {
  expect(found(pattern, [{ path: 'lib/x.ts', text }])).toHaveLength(1)
})
