import { PassThrough } from 'node:stream'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { logOptions } from './log.ts'

function logged(entry: object): Record<string, unknown> {
  const stream = new PassThrough()
  pino({ ...logOptions, level: 'info' }, stream).info(entry, 'said')
  return JSON.parse(String(stream.read()))
}

test.each([
  'password',
  'newPassword',
  'token',
  'linkToken',
  'code',
  'cookie',
  'Set-Cookie',
  'authorization',
  'AUTH_SECRET',
  'apiKey',
])('%s is never written, at any depth', (key) => {
  const line = logged({ [key]: 'hunter2', input: { [key]: 'hunter2', list: [{ [key]: 'hunter2' }] } })
  expect(JSON.stringify(line)).not.toContain('hunter2')
  expect(line[key]).toBe('[redacted]')
})

test('what identifies a request is kept', () => {
  expect(logged({ requestId: 'r1', status: 503, failure: 'busy' })).toMatchObject({
    level: 'info',
    msg: 'said',
    requestId: 'r1',
    status: 503,
    failure: 'busy',
  })
})

test('an error keeps its message, stack and code, and loses statement parameters and whatever a driver hung on it', () => {
  const error = Object.assign(new Error('Failed query: insert into users\nparams: ada@example.com,$2b$12$hash'), {
    code: '23505',
    row: 'ada@example.com',
  })
  const line = logged({ err: error })
  expect(line.err).toMatchObject({
    type: 'Error',
    code: '23505',
    message: expect.stringContaining('insert into users'),
  })
  expect(JSON.stringify(line)).not.toContain('ada@example.com')
  expect(JSON.stringify(line)).not.toContain('$2b$')
  expect(String((line.err as { stack: string }).stack)).toContain('log.test.ts')
})
