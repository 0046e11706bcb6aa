import { expect, test } from 'vitest'
import { SETTING_NAMES, settings } from '#lib/settings'
import { linesOf, namesSet, readDeployed, UNITS } from './files.ts'

const PORT = String(settings.parse({}).PORT)

test.each([...UNITS.map((unit) => `systemd/${unit}`), 'systemd/vestibule.env', 'Dockerfile'])(
  '%s sets nothing that is no setting',
  (name) => {
    const text = readDeployed(name)
    const environment = name.endsWith('.env')
      ? text
      : linesOf(text)
          .filter((line) => /^(?:Environment=|ENV )/u.test(line))
          .join('\n')
    const names = namesSet(environment)
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((each) => !SETTING_NAMES.includes(each))).toEqual([])
  },
)

test('compose.yaml sets nothing that is no setting, and gives each instance a port that nginx knows', () => {
  const compose = readDeployed('compose.yaml')
  const shared = compose.slice(compose.indexOf('x-settings:'), compose.indexOf('services:'))
  const names = [...shared.matchAll(/^ {2}([A-Z_]+):/gmu)].map(([, name]) => name ?? '')
  expect(names).toContain('DATABASE_URL')
  expect(names.filter((name) => !SETTING_NAMES.includes(name))).toEqual([])
  const ports = [...compose.matchAll(/PORT: "(\d+)"/gu)].map(([, port]) => port)
  const known = [...readDeployed('nginx.conf').matchAll(/server 127\.0\.0\.1:(\d+) /gu)].map(([, port]) => port)
  expect(ports).toHaveLength(3)
  expect(ports).toEqual(known)
})

test.each(['nginx.conf', 'haproxy.cfg', 'Caddyfile', 'Dockerfile', 'compose.yaml'])(
  '%s knows the default port',
  (name) => {
    expect(linesOf(readDeployed(name)).join('\n')).toMatch(
      new RegExp(`(?:127\\.0\\.0\\.1:|PORT=|PORT: ")${PORT}\\b`, 'u'),
    )
  },
)
