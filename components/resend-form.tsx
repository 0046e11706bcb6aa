'use client'
import { useEffect, useState } from 'react'
import { DOORS } from './doors.ts'
import { LinkButton } from './ui/link-button.tsx'
import { Notice } from './ui/notice.tsx'
import { useAuthForm } from './use-auth-form.ts'
import { useCountdown } from './use-countdown.ts'
import { withNext } from './with-next.ts'

interface ResendFormProps {
  purpose: keyof typeof DOORS
  email: string
  next: string | null
  /** Seconds until another code may be asked for, and since the last one was. */
  resendIn: number
  sentAgo: number
  onSent: (challengeId: string) => void
}

/** What to do when no email comes: another code, another address, and after a minute where to look. */
export function ResendForm({ purpose, email, next, resendIn, sentAgo, onSent }: ResendFormProps) {
  const form = useAuthForm(null)
  const [wait, setWait] = useState({ seconds: resendIn })
  const [late, setLate] = useState({ seconds: 60 - sentAgo })
  const secondsLeft = useCountdown(wait)
  // Without JavaScript nothing counts down, so the button must not claim to wait; the server says when it is too early.
  const [counting, setCounting] = useState(false)
  useEffect(() => setCounting(true), [])
  const { path, input, wrongAddress } = DOORS[purpose]
  const target = { path: withNext(path, next), input, pick: () => ({ email }), done: sent }
  function sent({ challengeId, resendAt }: { challengeId: string; resendAt: string }) {
    onSent(challengeId)
    setWait({ seconds: secondsUntil(resendAt) })
    setLate({ seconds: 60 })
    form.setMessage({ kind: 'notice', message: 'A new email is on its way. The newest code is the one to type.' })
  }
  return (
    <div className="space-y-3 border-edge border-t pt-5 text-base">
      <Notice message={form.message} />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <form
          {...form.to(target)}
          onSubmit={secondsLeft > 0 ? (event) => event.preventDefault() : form.to(target).onSubmit}
        >
          <input type="hidden" name="email" value={email} />
          <LinkButton type="submit" aria-disabled={(counting && secondsLeft > 0) || form.working !== null}>
            Send a new code
            {secondsLeft > 0 && <span className="ml-[0.3em] tabular-nums noscript:hidden">in {secondsLeft} s</span>}
          </LinkButton>
        </form>
        <a href={wrongAddress}>Wrong address?</a>
      </div>
      <NothingArrived email={email} wait={late} />
    </div>
  )
}

/** Opens by itself once a mail has had its minute. */
function NothingArrived({ email, wait }: { email: string; wait: { seconds: number } }) {
  const late = useCountdown(wait) === 0
  return (
    <details open={late} className="text-soft">
      <summary className="min-h-7 cursor-pointer">No email after a minute?</summary>
      <ul className="mt-2 list-disc space-y-1 pl-5">
        <li>Look in spam, junk and promotions.</li>
        <li>
          Check the address for a typing mistake: <strong className="break-words">{email}</strong>
        </li>
        <li>Some mail takes a few minutes. After that, send a new code.</li>
      </ul>
    </details>
  )
}

/** The clock of this computer may be wrong by more than the wait itself; never more than a minute is shown. */
function secondsUntil(time: string): number {
  return Math.min(60, Math.max(0, Math.ceil((Date.parse(time) - Date.now()) / 1000)))
}
