import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { expect, test } from 'vitest'
import { clientAddress } from './client-address.ts'

const SOCKET = '192.0.2.10'

test.each<[name: string, socket: string | undefined, forwardedFor: string | undefined, hops: number, expected: string]>(
  [
    ['no proxy: the socket', SOCKET, undefined, 0, SOCKET],
    ['no proxy: what a client claims does not count', SOCKET, '203.0.113.7', 0, SOCKET],
    ['one proxy: the last entry', SOCKET, '203.0.113.7', 1, '203.0.113.7'],
    ['one proxy: entries a client wrote stand further left', SOCKET, '198.51.100.1, 203.0.113.7', 1, '203.0.113.7'],
    ['two proxies: the second from the right', SOCKET, '6.6.6.6, 203.0.113.7, 10.0.0.2', 2, '203.0.113.7'],
    ['two proxies, one entry: the socket', SOCKET, '203.0.113.7', 2, SOCKET],
    ['one proxy that sent nothing: the socket', SOCKET, undefined, 1, SOCKET],
    ['an empty list', SOCKET, '', 1, SOCKET],
    ['an empty entry', SOCKET, '203.0.113.7, ', 1, SOCKET],
    ['no address', SOCKET, 'unknown', 1, SOCKET],
    ['a name', SOCKET, 'localhost', 1, SOCKET],
    ['a short form that only some parsers take', SOCKET, '127.1', 1, SOCKET],
    ['octal', SOCKET, '0177.0.0.1', 1, SOCKET],
    ['hexadecimal', SOCKET, '0x7f.0.0.1', 1, SOCKET],
    ['brackets with something before', SOCKET, 'x[2001:db8::1]', 1, SOCKET],
    ['brackets with something after', SOCKET, '[2001:db8::1]x', 1, SOCKET],
    ['a mask', SOCKET, '203.0.113.0/24', 1, SOCKET],
    ['a port', SOCKET, '203.0.113.7:4711', 1, '203.0.113.7'],
    ['IPv6', SOCKET, '2001:db8::1', 1, '2001:db8::1'],
    ['IPv6 in one spelling', SOCKET, '2001:0DB8:0:0:0:0:0:1', 1, '2001:db8::1'],
    ['IPv6 with brackets', SOCKET, '[2001:db8::1]', 1, '2001:db8::1'],
    ['IPv6 with a port', SOCKET, '[2001:db8::1]:4711', 1, '2001:db8::1'],
    ['IPv6 with a zone', 'fe80::1%eth0', undefined, 0, 'fe80::1'],
    ['IPv4 mapped into IPv6, socket', '::ffff:203.0.113.7', undefined, 0, '203.0.113.7'],
    ['IPv4 mapped into IPv6, in hexadecimal', '::ffff:cb00:7107', undefined, 0, '203.0.113.7'],
    ['IPv4 mapped into IPv6, forwarded', SOCKET, '::ffff:203.0.113.7', 1, '203.0.113.7'],
    ['a socket that is gone', undefined, undefined, 0, '0.0.0.0'],
  ],
)('%s', (_name, socket, forwardedFor, hops, expected) => {
  expect(clientAddress(socket, forwardedFor, hops)).toBe(expected)
})

const address = fc.oneof(fc.ipV4(), fc.ipV6()).filter((text) => ipaddr.isValid(text))

test('whatever a client sends, the answer is a valid address', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(4), (forged, hops) => {
      expect(ipaddr.isValid(clientAddress(SOCKET, forged, hops))).toBe(true)
    }),
  )
})

test('without proxies, no header changes the answer', () => {
  fc.assert(
    fc.property(address, fc.oneof(fc.string(), address), (socket, forged) => {
      expect(clientAddress(socket, forged, 0)).toBe(clientAddress(socket, undefined, 0))
    }),
  )
})

test('nothing a client puts in front of what our proxies append changes the answer', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(address, { minLength: 1, maxLength: 4 }), (forged, appended) => {
      const list = appended.join(', ')
      const honest = clientAddress(SOCKET, list, appended.length)
      expect(clientAddress(SOCKET, `${forged}, ${list}`, appended.length)).toBe(honest)
    }),
  )
})

test('the answer is canonical: asking with it again gives it back', () => {
  fc.assert(
    fc.property(address, (given) => {
      const once = clientAddress(given, undefined, 0)
      expect(clientAddress(once, undefined, 0)).toBe(once)
      expect(clientAddress(SOCKET, once, 1)).toBe(once)
    }),
  )
})
