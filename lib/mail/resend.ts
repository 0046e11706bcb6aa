import { Resend } from 'resend'
import { letterHeaders } from './headers.ts'
import { reasonForLog } from './reason.ts'
import type { Delivery, MailSender } from './sender.ts'

const TIMEOUT_MS = 10_000

/** Ours to mend (the key, the domain) or a matter of time. The mail itself is fine, so it waits. */
const RETRYABLE_CLIENT_ERRORS = new Set([401, 403, 408, 429])

interface ResendSettings {
  apiKey: string
  from: string
  /** Elsewhere than Resend's own address: tests. */
  baseUrl?: string
  timeoutMs?: number
}

/** As the answer of the API says it; a proxy in between may answer in any shape, or in none. */
type Answer = { data: unknown; error: unknown; headers: Record<string, string> | null }
interface ErrorBody {
  name?: unknown
  message?: unknown
  statusCode?: unknown
}

function secondsToWait(headers: Answer['headers']): { retryAfter?: number } {
  const seconds = Number(headers?.['retry-after'] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfter: Math.ceil(seconds) } : {}
}

function isPermanent({ name, statusCode }: ErrorBody): boolean {
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode >= 500) return false
  // 409 is two things: another try of this mail is under way, or its key was used for a different mail.
  return !RETRYABLE_CLIENT_ERRORS.has(statusCode) && name !== 'concurrent_idempotent_requests'
}

function toDelivery({ data, error, headers }: Answer): Delivery {
  if (!error && typeof (data as { id?: unknown } | null)?.id === 'string') return { ok: true }
  const body: ErrorBody = typeof error === 'object' && error !== null ? error : {}
  const { statusCode = 'no status', name = 'no error name', message = 'no message' } = body
  const reason = reasonForLog(`${statusCode} ${name}: ${message}`)
  if (isPermanent(body)) return { ok: false, retry: false, reason }
  return { ok: false, retry: true, reason, ...secondsToWait(headers) }
}

/**
 * Sends through Resend. Open and click tracking cannot be chosen for one mail: they belong to the domain (Domains ->
 * Configuration, or `open_tracking` and `click_tracking` of PATCH /domains/:id), are off unless somebody turns them on, and
 * must stay off: click tracking rewrites links and would carry every link token past a third party.
 */
export function resendSender({ apiKey, from, baseUrl, timeoutMs = TIMEOUT_MS }: ResendSettings): MailSender {
  const resend = new Resend(apiKey, baseUrl === undefined ? {} : { baseUrl })
  return {
    transport: 'resend',
    async send({ id, to, subject, html, text }) {
      const email = { from, to, subject, html, text, headers: letterHeaders(id) }
      // The package hands every option to fetch. An API does not redirect; whoever does must not get the mail and the key.
      const options = { idempotencyKey: id, signal: AbortSignal.timeout(timeoutMs), redirect: 'error' }
      try {
        return toDelivery(await resend.emails.send(email, options))
      } catch (error) {
        return { ok: false, retry: true, reason: reasonForLog(String(error)) }
      }
    },
  }
}
