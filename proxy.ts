/**
 * Puts the security headers on every page. It decides nothing about access: pages ask `pageSession()` where they read.
 * Routes set their own headers (lib/http/respond.ts), and /_next/static keeps its immutable caching. HSTS is set by
 * server.ts, on whatever it hands to Next.
 */
import { type NextRequest, NextResponse } from 'next/server'
import { env } from '#lib/env'
import { onlyGet } from '#lib/http/refuse-method'

export const config = {
  // One string, because Next reads it at build time. Whatever is no route is a page: the one that says so.
  matcher:
    '/((?!_next/static/|health$|\\.well-known/change-password$|mailbox/messages(?:/[^/]+)?$|auth/(?:signup|signin|signin/request|signout|session|verify|verify/request|verify/preview|verify/reject|password/change|password/reset|password/reset/request|sessions|sessions/end)$).*)',
}

export function proxy(request: NextRequest): Response | Promise<Response> {
  // Pages are read; whatever is done goes to the API.
  if (request.method !== 'GET' && request.method !== 'HEAD') return onlyGet(request)
  const { cspReportUri } = env()
  const policy = contentSecurityPolicy(newNonce(), cspReportUri)
  // Next reads the nonce from this request header, so whatever the client sent under these names must not survive.
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  headers.delete('content-security-policy-report-only')
  headers.delete('x-nonce')

  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  if (cspReportUri) response.headers.set('reporting-endpoints', `csp="${cspReportUri}"`)
  for (const [name, value] of PAGE_HEADERS) response.headers.set(name, value)
  // Through the raw header: `response.cookies` would also take the cookie from the page that is about to show it.
  if (showsFlash(request)) response.headers.append('set-cookie', FLASH_CLEARED)
  return response
}

/** 128 bits, fresh for every page (CSP3 asks for at least that). */
function newNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
}

function contentSecurityPolicy(nonce: string, reportUri?: string): string {
  // In development alone: React rebuilds stacks with eval, hot reload talks over a socket, Next's overlay has inline styles.
  const development = process.env.NODE_ENV === 'development'
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws: wss:' : ''}`,
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    // The first for browsers that know the second not yet; those that do leave it alone.
    ...(reportUri ? [`report-uri ${reportUri}`, 'report-to csp'] : []),
  ].join('; ')
}

const PAGE_HEADERS = [
  ['cache-control', 'no-store'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  // Not `no-referrer`: Chromium would then send `Origin: null` with every form.
  ['referrer-policy', 'same-origin'],
  [
    'permissions-policy',
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()',
  ],
] as const

const FLASH_CLEARED = '__Host-flash=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax'

/** Whether this answer is a page on which a person sees the flash, so that it has served. */
function showsFlash(request: NextRequest): boolean {
  if (!request.cookies.has('__Host-flash') || request.method !== 'GET') return false
  const { headers } = request
  const prefetched = headers.has('next-router-prefetch') || /prefetch/u.test(headers.get('sec-purpose') ?? '')
  return !prefetched && (headers.get('sec-fetch-dest') ?? 'document') === 'document'
}
