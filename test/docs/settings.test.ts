import { expect, test } from 'vitest'
import { readEnv } from '#lib/env'
import { SETTING_NAMES, settings } from '#lib/settings'
import { bare, readPage, tableRows } from './pages.ts'

const settingRows = (page: string) => tableRows(readPage(page), 'Setting', 'Default')
const operations = settingRows('docs/operations.md')

/** What a setting is when nobody sets it, as text; `none` when it is nothing. */
function presets(): Record<string, string> {
  const nothing = readEnv({})
  if (!nothing.ok) throw new Error('The app does not start without settings.')
  const { host, appOrigin, mailFrom } = nothing.env
  const derived = { HOST: host, APP_ORIGIN: appOrigin, MAIL_FROM: mailFrom }
  const preset = { ...derived, ...settings.parse({}) } as Record<string, string | number | undefined>
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, String(preset[name] ?? 'none')]))
}

test('docs/operations.md lists every setting once', () => {
  expect(operations.map(({ Setting }) => bare(Setting)).toSorted()).toEqual(SETTING_NAMES.toSorted())
})

test.each(operations.map((row) => [bare(row.Setting), bare(row.Default)]))(
  'docs/operations.md: %s is %s when not set',
  (name, preset) => {
    expect(preset).toBe(presets()[name])
  },
)

test('README.md names settings that exist, with their defaults', () => {
  const rows = settingRows('README.md')
  expect(rows.length).toBeGreaterThan(0)
  for (const { Setting, Default } of rows) expect([Setting, bare(Default)]).toEqual([Setting, presets()[bare(Setting)]])
})
