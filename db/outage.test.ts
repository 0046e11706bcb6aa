import { expect, test } from 'vitest'
import { isUnavailable } from './outage.ts'

// By the names of errors alone; that drivers give these names is seen in db/client.db.test.ts and in attack/failures.

const failed = (code: string) => Object.assign(new Error('no'), { code })
const wrapped = (cause: Error) => new Error('Failed query', { cause })
const bothFailed = (...errors: Error[]) => new AggregateError(errors)

test.each([
  ['08006', 'the connection was lost'],
  ['25006', 'the server takes no writes: after a takeover it is a standby'],
  ['25P03', 'the server ended a transaction that said nothing'],
  ['40P01', 'a deadlock'],
  ['53100', 'its disk is full'],
  ['53300', 'too many connections'],
  ['55P03', 'a lock waited for in vain'],
  ['57P03', 'it starts'],
  ['58000', 'its system failed'],
  ['58030', 'its disk failed'],
  ['ECONNREFUSED', 'nobody listens'],
  ['ENOENT', 'nor at the socket of this machine'],
  ['EAI_AGAIN', 'the resolver is away'],
  ['ENOTFOUND', 'the name is gone'],
  ['ENETUNREACH', 'no way there'],
  ['EHOSTUNREACH', 'nobody there'],
  ['EADDRNOTAVAIL', 'no port is left here'],
  ['EMFILE', 'this process has no descriptor left'],
  ['ENFILE', 'this machine has none'],
  ['SQLITE_BUSY_SNAPSHOT', 'somebody else writes'],
  ['SQLITE_FULL', 'the disk is full'],
  ['SQLITE_IOERR_WRITE', 'the disk failed'],
  ['SQLITE_PROTOCOL', 'locks that no turn was had at'],
  ['SQLITE_READONLY_DBMOVED', 'the file was taken away'],
])('%s is an outage, wrapped or not, also of one address of several: %s', (code) => {
  for (const error of [failed(code), wrapped(failed(code)), wrapped(bothFailed(failed(code), failed('other')))])
    expect(isUnavailable(error)).toBe(true)
})

test.each([
  ['23505', 'a row that is there already'],
  ['22021', 'text that is none'],
  ['42501', 'a right that the role lacks'],
  ['42601', 'SQL that is none'],
  ['25001', 'a transaction within one'],
  ['SQLITE_CONSTRAINT_UNIQUE', 'a row that is there already'],
  ['ERR_INVALID_ARG_TYPE', 'a bug of ours'],
])('%s is none, wrapped or not: %s', (code) => {
  for (const error of [failed(code), wrapped(failed(code)), wrapped(bothFailed(failed(code)))])
    expect(isUnavailable(error)).toBe(false)
})

test.each([
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Query read timeout',
  'Connection terminated unexpectedly',
  'There was an error establishing an SSL connection',
])('"%s" is an outage, for which the driver has no code', (message) => {
  expect(isUnavailable(wrapped(new Error(message)))).toBe(true)
})
