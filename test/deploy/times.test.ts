import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FINISH_WITHIN_MS, NOTICE_TO_PROXY } from '#lib/drain'
import { linesOf, ROOT, readDeployed, secondsAfter, UNITS } from './files.ts'

/** A mail under way when the jobs are stopped runs into its own ten seconds at most (lib/mail). */
const MAIL_MS = 10_000
const longestEnd = (NOTICE_TO_PROXY.announceMs + FINISH_WITHIN_MS + MAIL_MS) / 1000

test.each([...UNITS.map((unit) => [`systemd/${unit}`, 'TimeoutStopSec']), ['compose.yaml', 'stop_grace_period']])(
  '%s waits longer than an end can take',
  (name = '', word = '') => {
    expect(secondsAfter(readDeployed(name), word)).toBeGreaterThan(longestEnd)
  },
)

test.each([
  ['nginx.conf', 'keepalive_timeout'],
  ['Caddyfile', 'keepalive'],
])('%s lets go of an idle connection before an instance that stops does', (name, word) => {
  expect(secondsAfter(readDeployed(name), word) * 1000).toBeLessThan(NOTICE_TO_PROXY.idleMs)
})

test('HAProxy keeps no connection to an instance, and asks twice within the time that an end is announced', () => {
  const lines = linesOf(readDeployed('haproxy.cfg'))
  expect(lines).toContain('option http-server-close')
  expect(lines).toContain('option httpchk GET /ready')
  const [, every] = /^default-server check inter (\d+)ms/mu.exec(lines.join('\n')) ?? []
  expect(Number(every) * 2).toBeLessThan(NOTICE_TO_PROXY.announceMs)
})

test('every proxy waits longer for an answer than the app does for a request', () => {
  const [, limit] = /requestTimeout: ([\d_]+),/u.exec(readFileSync(join(ROOT, 'server.ts'), 'utf8')) ?? []
  const seconds = Number(limit?.replaceAll('_', '')) / 1000
  expect(seconds).toBeGreaterThan(0)
  expect(secondsAfter(readDeployed('nginx.conf'), 'proxy_read_timeout')).toBeGreaterThan(seconds)
  expect(secondsAfter(readDeployed('haproxy.cfg'), 'timeout server')).toBeGreaterThan(seconds)
  expect(secondsAfter(readDeployed('Caddyfile'), 'response_header_timeout')).toBeGreaterThan(seconds)
})
