import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkDataFolder } from './check-data-folder.ts'
import { checkSecret, findSecret } from './check-secret.ts'

const SECRET = 'zN4x0Wm7Qp1Rk8Ty2Uv6Lc9Hs3Jd5Fb_'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vestibule-doctor-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

describe('the folder', () => {
  const look = (user?: number) => checkDataFolder({ dataDir }, user)

  test('is well when it is closed and its user asks', () => {
    expect(look()).toMatchObject([{ state: 'ok' }])
  })

  test('is not made', () => {
    rmSync(dataDir, { recursive: true })
    expect(look()).toMatchObject([{ state: 'warning' }])
    expect(() => statSync(dataDir)).toThrow()
  })

  test.each([0o750, 0o705, 0o711])('is wrong with mode %o', (mode) => {
    chmodSync(dataDir, mode)
    expect(look()).toEqual([
      { check: 'folder', state: 'wrong', message: expect.stringMatching(/ has mode 07\d\d, .*: chmod 700 "/u) },
    ])
  })

  test('is a warning when another user asks', () => {
    expect(look(12_345)).toMatchObject([{ state: 'warning', message: expect.stringContaining('user 12345') }])
  })

  test('is wrong when it is a file', () => {
    writeFileSync(join(dataDir, 'file'), '')
    expect(checkDataFolder({ dataDir: join(dataDir, 'file') })).toMatchObject([{ state: 'wrong' }])
  })
})

describe('the secret', () => {
  const file = () => join(dataDir, 'auth-secret')
  const database = () => ({ kind: 'sqlite' as const, file: join(dataDir, 'vestibule.db') })
  const look = (authSecret?: string) =>
    checkSecret({ dataDir, database: database(), ...(authSecret && { authSecret }) })

  test('is well as AUTH_SECRET, or as a file of its owner only', () => {
    expect(look(SECRET)).toMatchObject([{ state: 'ok', message: 'AUTH_SECRET is set.' }])
    writeFileSync(file(), `${SECRET}\n`, { mode: 0o600 })
    expect(look()).toMatchObject([{ state: 'ok' }])
    expect(findSecret({ dataDir })).toBe(SECRET)
  })

  test('is a warning before the first start, and wrong when only the database is there', () => {
    expect(look()).toMatchObject([{ state: 'warning' }])
    writeFileSync(database().file, '')
    expect(look()).toMatchObject([{ state: 'wrong', message: expect.stringContaining('put it back') }])
    expect(findSecret({ dataDir })).toBe(null)
  })

  test('is wrong when others can read it, and when it is short; each is said, and not the secret', () => {
    writeFileSync(file(), 'hunter2')
    chmodSync(file(), 0o644)
    const findings = look()
    expect(findings).toMatchObject([
      { state: 'wrong', message: expect.stringContaining('chmod 600') },
      { state: 'wrong' },
    ])
    expect(JSON.stringify(findings)).not.toContain('hunter2')
  })

  test('is wrong among the backups', () => {
    mkdirSync(join(dataDir, 'backups'))
    writeFileSync(join(dataDir, 'backups', 'auth-secret'), SECRET)
    expect(look(SECRET)).toMatchObject([{ state: 'wrong', message: expect.stringContaining('elsewhere') }])
  })
})
