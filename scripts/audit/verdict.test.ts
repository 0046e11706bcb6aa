import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

// Answers of `npm audit --json` as npm 11 gave them, to a real registry without audits and to one on this machine that
// answered as it was told to; the address of the registry is another one here, and two severities were changed by hand.

const recorded = (name: string) => readFileSync(join(import.meta.dirname, 'recorded', `${name}.json`), 'utf8')

/** By the script itself, with a stand-in for npm that gives the recorded answer: what CI sees is its exit code. */
function audited(answer: string): { code: number | null; said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'vestibule-audit-'))
  const npm = join(folder, 'npm.cjs')
  writeFileSync(npm, `process.stdout.write(process.argv.includes('--json') ? ${JSON.stringify(answer)} : 'in words')`)
  const script = join(import.meta.dirname, '..', 'audit.mjs')
  const { status, stdout } = spawnSync(process.execPath, [script], {
    encoding: 'utf8',
    env: { ...process.env, npm_execpath: npm },
  })
  rmSync(folder, { recursive: true })
  return { code: status, said: stdout }
}

test.each([
  ['clean', 0, /^No known hole of high or critical severity in 137 packages\.\n$/u],
  ['moderate', 0, /^No known hole of high or critical severity in 137 packages\.\n$/u],
  ['high', 1, /^Known holes of high or critical severity: 1, in 137 packages\.\nin words$/u],
  ['critical', 1, /^Known holes of high or critical severity: 1, /u],
  ['405', 0, /^NOT AUDITED: this registry has no audit endpoint \(it answered 405\)\.\n$/u],
  ['unreachable', 0, /^NOT AUDITED: the registry was not reached\.\n$/u],
  ['500', 1, /^The audit failed: 500 Internal Server Error/u],
])('%s: exit code %i, and says so', (name, code, said) => {
  expect(audited(recorded(name))).toEqual({ code, said: expect.stringMatching(said) })
})

test.each(['', 'null', '[]', '{}', 'npm has crashed'])('no report at all (%j) is no clean one', (answer) => {
  expect(audited(answer)).toEqual({ code: 1, said: 'The audit failed: npm gave no report\n' })
})
