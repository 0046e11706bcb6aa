import { expect, test } from 'vitest'
import { linesOf, readDeployed, UNITS } from './files.ts'

// What an instance shares with others on its machine, and what a command shares with the unit.

test('compose.yaml lets its instances open fewer connections than its Postgres takes', () => {
  const compose = readDeployed('compose.yaml')
  const number = (pattern: RegExp) => Number(pattern.exec(compose)?.[1])
  const instances = [...compose.matchAll(/PORT: "/gu)].length
  const wanted = instances * number(/WORKERS: "(\d+)"/u) * (number(/DATABASE_POOL: "(\d+)"/u) + 1)
  expect(wanted).toBeGreaterThan(0)
  // Three are kept for its administrator (docs/operations.md).
  expect(wanted).toBeLessThanOrEqual(number(/max_connections=(\d+)/u) - 3)
})

test('HAProxy gives up being root', () => {
  const lines = linesOf(readDeployed('haproxy.cfg'))
  const global = lines.slice(lines.indexOf('global'), lines.indexOf('defaults'))
  expect(global).toEqual(expect.arrayContaining(['user haproxy', 'group haproxy']))
})

test.each(UNITS)('README.md runs commands as %s runs the app', (unit) => {
  const lines = linesOf(readDeployed(`systemd/${unit}`))
  const value = (name: string) => lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1)
  const readme = readDeployed('README.md')
  const command = readme.slice(readme.indexOf('as_vestibule() {'), readme.indexOf('"$@"'))
  expect(command).toContain(`--uid=${value('User')} `)
  expect(command).toContain(`--working-directory=${value('WorkingDirectory')} `)
  expect(command).toContain(`--property=UMask=${value('UMask')} `)
  expect(command).toContain(`--property=EnvironmentFile=${value('EnvironmentFile')} `)
  expect(command).toContain(`${value('ExecStart')?.split(' ')[0]} `)
  const set = (value('Environment') ?? '').split(' ').filter((each) => !each.startsWith('PORT='))
  expect(set).toHaveLength(2)
  for (const each of set) expect(command).toContain(`--setenv=${each} `)
})
