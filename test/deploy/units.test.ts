import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { linesOf, ROOT, readDeployed, UNITS } from './files.ts'

const INSTALLED = '/opt/vestibule'
const ANALYZE = 'systemd-analyze'
const hasSystemd = spawnSync(ANALYZE, ['--version'], { stdio: 'ignore' }).error === undefined

/** What `npm start` runs. */
const START = packageJson.scripts.start.split(' ')

test('there are one for a single instance and a template for several', () => {
  expect(UNITS.toSorted()).toEqual(['vestibule.service', 'vestibule@.service'])
})

test.each(UNITS)('%s runs what is there', (unit) => {
  const command = linesOf(readDeployed(`systemd/${unit}`)).find((line) => line.startsWith('ExecStart=')) ?? ''
  const words = command.replace('ExecStart=', '').split(' ')
  expect(words.filter((word) => word.startsWith('--'))).toEqual(START.filter((word) => word.startsWith('--')))
  const paths = words.filter((word) => !word.startsWith('--'))
  expect(paths).toHaveLength(3)
  for (const path of paths) expect([path, existsSync(path.replace(INSTALLED, ROOT))]).toEqual([path, true])
})

test('the template differs from the single one in its name, its port and its comments alone', () => {
  const [one = [], many = []] = ['vestibule.service', 'vestibule@.service'].map((unit) =>
    linesOf(readDeployed(`systemd/${unit}`)),
  )
  const only = (lines: string[], others: string[]) => lines.filter((line) => !others.includes(line))
  expect(only(many, one).map((line) => line.split('=')[0])).toEqual(['Description', 'Environment'])
  expect(only(one, many).map((line) => line.split('=')[0])).toEqual(['Description', 'Environment'])
})

test.runIf(hasSystemd).each(UNITS)('%s is understood by systemd', (unit) => {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-units-'))
  const file = join(folder, unit.replace('@', '@3000'))
  writeFileSync(file, readDeployed(`systemd/${unit}`).replaceAll(INSTALLED, ROOT))
  const { status, stderr } = spawnSync(ANALYZE, ['verify', '--man=no', file], { encoding: 'utf8' })
  rmSync(folder, { recursive: true, force: true })
  expect([status, stderr]).toEqual([0, ''])
})
