import { parseCookie, stringifySetCookie } from 'cookie'
import { DEVICE_COOKIE_LIFETIME, PENDING_COOKIE_LIFETIME } from '../auth/policy.ts'
import { encodeFlash, encodePending, type Flash, type Pending } from './flash.ts'

// `__Host-`: the browser itself refuses such a cookie from a sibling host, another path or an unencrypted page.
const SESSION_COOKIE = '__Host-session'
const DEVICE_COOKIE = '__Host-device'
export const FLASH_COOKIE = '__Host-flash'
export const PENDING_COOKIE = '__Host-pending'

/** Long enough to follow one redirect. */
const FLASH_SECONDS = 60

const TOKEN = /^[A-Za-z0-9_-]{43}$/u

/** Without `maxAge` (seconds) the cookie ends with the browser. */
function hostCookie(name: string, value: string, maxAge?: number): string {
  const attributes = { path: '/', httpOnly: true, secure: true, sameSite: 'lax' } as const
  return stringifySetCookie({ name, value, ...attributes, ...(maxAge !== undefined && { maxAge }) })
}

export const sessionCookie = (token: string, maxAge?: number) => hostCookie(SESSION_COOKIE, token, maxAge)
export const endSessionCookie = () => hostCookie(SESSION_COOKIE, '', 0)
export const deviceCookie = (token: string) => hostCookie(DEVICE_COOKIE, token, DEVICE_COOKIE_LIFETIME / 1000)
export const flashCookie = (flash: Flash) => hostCookie(FLASH_COOKIE, encodeFlash(flash), FLASH_SECONDS)
export const pendingCookie = (pending: Pending) =>
  hostCookie(PENDING_COOKIE, encodePending(pending), PENDING_COOKIE_LIFETIME[pending.purpose] / 1000)
export const endPendingCookie = () => hostCookie(PENDING_COOKIE, '', 0)

/** All cookies of a request by name. A session or device cookie that is not a token of ours counts as absent. */
export function readCookies(header: string | null) {
  const cookies = parseCookie(header ?? '')
  const token = (name: string) => {
    const value = cookies[name]
    return value !== undefined && TOKEN.test(value) ? value : null
  }
  return { session: token(SESSION_COOKIE), device: token(DEVICE_COOKIE), pending: cookies[PENDING_COOKIE] }
}
