'use client'
import { secondsInWords } from './seconds-in-words.ts'

/** What the server says about a link before it is used. */
export interface Preview {
  purpose: 'verify' | 'sign-in' | 'reset'
  /** Masked: a***@example.com. */
  email: string
  device: 'this' | 'other'
  /** ISO 8601. */
  askedAt: string
  askedFrom: { browser: string; system: string }
}

/** "Firefox on Linux, 3 minutes ago (14:05)": what its owner recognises, and anybody else does not. */
export function WhoAsked({ askedFrom: { browser, system }, askedAt }: Preview) {
  const seconds = Math.max(1, (Date.now() - Date.parse(askedAt)) / 1000)
  const clock = new Date(askedAt).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
  return (
    <strong className="font-semibold text-ink">
      {browser} on {system}, {secondsInWords(seconds)} ago <span className="whitespace-nowrap">({clock})</span>
    </strong>
  )
}

/** Going on would put another account in the place of this one: said before, never done silently. */
export function ReplacesSession({ signedInAs }: { signedInAs: string | null }) {
  if (signedInAs === null) return null
  return (
    <p>
      This browser is signed in as <strong className="break-words">{signedInAs}</strong>. Going on replaces that.
    </p>
  )
}
