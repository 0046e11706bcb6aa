import fc from 'fast-check'
import { PAGE_PATHS, ROUTE_PATHS } from '../../e2e/addresses.ts'
import {
  bodies,
  clientAddresses,
  cookies,
  forwardedFor,
  headers,
  nexts,
  paths,
  recipients,
} from '../../test/attack/requests.ts'

/** One request as it goes over the wire. */
export interface HttpRequest {
  method: string
  path: string
  headers: Record<string, string>
  /** Null: the cookies of somebody who is signed in; '' for none. */
  cookie: string | null
  body: string | Uint8Array
}

/** What Node's client lets into a request line. */
const isSendable = (path: string) => /^[\u0021-\u00ff]*$/u.test(path)

const asQuery = (name: string, value: string, encoded: boolean) =>
  `${name}=${encoded || !isSendable(value) ? encodeURIComponent(value.toWellFormed()) : value}`
/** What pages and routes read, once or twice, in escapes or as it is; and what nobody reads. */
const queries = fc
  .array(
    fc.oneof(
      fc.tuple(fc.constant('next'), nexts, fc.boolean()),
      fc.tuple(fc.constantFrom('to', 'email'), recipients, fc.constant(true)),
      fc.tuple(fc.constantFrom('_rsc', '__proto__', 'c', 't', 'toString'), fc.string(), fc.constant(true)),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => pairs.map(([name, value, encoded]) => asQuery(name, value, encoded)).join('&'))

const addresses = fc
  .tuple(
    fc.oneof(
      { arbitrary: fc.constantFrom(...PAGE_PATHS), weight: 4 },
      { arbitrary: fc.constantFrom(...ROUTE_PATHS), weight: 4 },
      { arbitrary: paths().map((id) => `/mailbox/messages/${id}`), weight: 1 },
      {
        arbitrary: fc
          .tuple(fc.constantFrom(...PAGE_PATHS, '/_next', '/_next/static'), paths())
          .map((parts) => parts.join('/')),
        weight: 1,
      },
      {
        arbitrary: fc.constantFrom(
          '/ready',
          '/robots.txt',
          '/favicon.ico',
          '//',
          '/%',
          '*',
          '*/x',
          'http://evil.example/signin',
        ),
        weight: 1,
      },
    ),
    queries,
  )
  .map(([path, query]) => (query ? `${path}?${query}` : path))

/** Headers by which Next's own client asks for parts of pages. */
const ofNext = fc.record(
  {
    rsc: fc.constantFrom('1', '0', 'x'),
    'next-router-prefetch': fc.constantFrom('1', '2', 'x'),
    'next-router-segment-prefetch': fc.constantFrom('/_tree', '/_index', '%', '../..'),
    'next-router-state-tree': fc.constantFrom(encodeURIComponent('["",{}]'), '["",{"__proto__":0}]', '{}', '%', 'x'),
    'next-url': fc.constantFrom('/account', '//evil.example', '%'),
    'next-action': fc.constantFrom('x', 'a'.repeat(42)),
    'x-nextjs-data': fc.constant('1'),
    'x-middleware-subrequest': fc.constantFrom('proxy', 'proxy:proxy:proxy:proxy:proxy'),
    'x-matched-path': fc.constant('/account'),
  },
  { requiredKeys: [] },
)

const METHODS = ['HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'] as const
const BODILESS = ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE']

export const httpRequests: fc.Arbitrary<HttpRequest> = fc
  .record({
    method: fc.oneof(
      { arbitrary: fc.constant('GET'), weight: 6 },
      { arbitrary: fc.constant('POST'), weight: 4 },
      { arbitrary: fc.constantFrom<string>(...METHODS), weight: 1 },
    ),
    path: addresses,
    headers,
    ofNext: fc.oneof({ arbitrary: fc.constant({}), weight: 3 }, { arbitrary: ofNext, weight: 1 }),
    address: fc.oneof({ arbitrary: clientAddresses, weight: 9 }, { arbitrary: forwardedFor, weight: 1 }),
    cookie: cookies,
    sent: bodies,
  })
  .map(({ method, path, cookie, sent, ...said }) => {
    const common = { ...said.headers, ...said.ofNext, 'x-forwarded-for': said.address }
    if (BODILESS.includes(method)) return { method, path, cookie, headers: common, body: '' }
    return { method, path, cookie, headers: { ...common, 'content-type': sent.type }, body: sent.body }
  })
