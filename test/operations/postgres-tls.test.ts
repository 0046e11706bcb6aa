import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext, TLSSocket } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '#db/client'
import { migrate } from '#db/migrate'
import { postgresOptions, postgresProtection } from '#db/postgres-tls'
import { readAnything } from '#db/queries/health'

// A Postgres elsewhere. The address 0.0.0.0 is none of this machine's own by name, and yet leads nowhere else.
const ELSEWHERE = '0.0.0.0'
/** "SSLRequest"; whoever does not ask says who they are at once. */
const LENGTH_OF_THE_QUESTION = 8

// The machine's own command, no package of npm.
const OPENSSL = 'openssl'
const hasOpenssl = spawnSync(OPENSSL, ['version'], { stdio: 'ignore' }).error === undefined

const folder = mkdtempSync(join(tmpdir(), 'vestibule-tls-'))
const key = join(folder, 'key.pem')
const certificate = join(folder, 'cert.pem')
beforeAll(() => {
  const subject = ['-subj', '/CN=elsewhere', '-addext', `subjectAltName=IP:${ELSEWHERE}`]
  const made = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate]
  if (hasOpenssl) execFileSync(OPENSSL, [...made, ...subject], { stdio: 'pipe' })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What came in the clear; and whether a start message, which names user and database, came through TLS. */
const heard = { plain: '', throughTls: '' }
let server: Server
const sockets = new Set<Socket>()
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  server.close()
})

/** Answers the question for TLS with `answer`, as Postgres does; resolves with the port. */
async function listen(answer: 'S' | 'N'): Promise<number> {
  Object.assign(heard, { plain: '', throughTls: '' })
  server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', (first) => {
      heard.plain += first.subarray(LENGTH_OF_THE_QUESTION).toString('latin1')
      if (first.length > LENGTH_OF_THE_QUESTION) return socket.destroy()
      socket.write(answer)
      if (answer === 'S') speakTls(socket)
      else socket.on('data', (more) => (heard.plain += more.toString('latin1')))
    })
  })
  server.listen(0, ELSEWHERE)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function speakTls(socket: Socket): void {
  const secureContext = createSecureContext({ key: readFileSync(key), cert: readFileSync(certificate) })
  const secured = new TLSSocket(socket, { isServer: true, secureContext })
  secured.on('error', () => undefined)
  secured.on('data', (message) => {
    heard.throughTls += message.toString('latin1')
    socket.destroy()
  })
}

const locate = (port: number, more = '') =>
  ({ kind: 'postgres', url: `postgres://me:hunter2@${ELSEWHERE}:${port}/none${more}`, pool: 1 }) as const

describe('a Postgres elsewhere', () => {
  test('that speaks no TLS is told nothing, and the start says what to do', async () => {
    const location = locate(await listen('N'))
    await expect(migrate(location)).rejects.toThrow(/it speaks no TLS: .*\?sslmode=disable/u)
    const db = openDatabase(location)
    await expect(db.run(readAnything)).rejects.toMatchObject({ name: 'DatabaseUnavailable' })
    await db.close()
    expect(heard).toEqual({ plain: '', throughTls: '' })
  })

  test.runIf(hasOpenssl)(
    'whose certificate nobody vouches for is told nothing, and the start says what to do',
    async () => {
      const location = locate(await listen('S'))
      await expect(migrate(location)).rejects.toThrow(/not to be trusted, DEPTH_ZERO_SELF_SIGNED_CERT: .*sslrootcert/u)
      const db = openDatabase(location)
      await expect(db.run(readAnything)).rejects.toMatchObject({ name: 'DatabaseUnavailable' })
      await db.close()
      expect(heard).toEqual({ plain: '', throughTls: '' })
    },
  )

  test.runIf(hasOpenssl)('whose authority the address names is spoken to through TLS', async () => {
    const location = locate(await listen('S'), `?sslrootcert=${certificate}`)
    await expect(migrate(location)).rejects.toThrow(/terminated/u)
    expect(heard.plain).toBe('')
    expect(heard.throughTls).toContain('user\0me\0')
  })

  test('is spoken to in the clear only where its address says so', async () => {
    const location = locate(await listen('N'), '?sslmode=disable')
    await expect(migrate(location)).rejects.toThrow(/terminated/u)
    expect(heard.plain).toContain('user\0me\0')
  })
})

test.each([
  ['postgres://me@127.0.0.1/x', 'local'],
  ['postgres://me@127.8.8.8/x', 'local'],
  ['postgres://me@[::1]:5432/x', 'local'],
  ['postgres://me@localhost/x', 'local'],
  ['postgres://me@%2Fvar%2Frun%2Fpostgresql/x', 'local'],
  ['postgres:///x?host=/var/run/postgresql', 'local'],
  ['postgres://me@db.example.com/x', 'verified'],
  ['postgres://me@127.0.0.1.example.com/x', 'verified'],
  ['postgres://me@10.0.0.7/x', 'verified'],
  ['postgres://me@localhost/x?host=db.example.com', 'verified'],
  ['postgres://me@db.example.com/x?statement_timeout=2000', 'verified'],
  ['postgres://me@db.example.com/x?sslmode=verify-full', 'verified'],
  ['postgres://me@db.example.com/x?sslmode=no-verify', 'unchecked'],
  ['postgres://me@db.example.com/x?sslmode=disable', 'none'],
  ['postgres://me@db.example.com/x?ssl=0', 'none'],
])('%s is %s', (url, protection) => {
  expect(postgresProtection(url)).toBe(protection)
})

test('what the address says of TLS is left as it is', () => {
  expect(postgresOptions('postgres://me@db.example.com/x?sslmode=no-verify')).toEqual({
    connectionString: 'postgres://me@db.example.com/x?sslmode=no-verify',
  })
})
