'use client'
import { leaveFor } from '#lib/api-client'
import { DOORS } from './doors.ts'
import { SubmitButton } from './ui/button.tsx'
import { Card, Ways } from './ui/card.tsx'
import { Notice } from './ui/notice.tsx'
import { type FormMessage, useAuthForm } from './use-auth-form.ts'
import { withNext } from './with-next.ts'

interface ExpiredCodeProps {
  left: FormMessage | null
  purpose: keyof typeof DOORS
  email: string
  next: string | null
}

/** The browser still knows what it waits for, but the code is too old to be typed: a new one is one press away. */
export function ExpiredCode({ left, purpose, email, next }: ExpiredCodeProps) {
  const form = useAuthForm(left)
  const { path, input, screen, wrongAddress } = DOORS[purpose]
  return (
    <Card
      title="The code has expired"
      lead={
        <p>
          A code works for a few minutes, and the last one for{' '}
          <strong className="break-words font-semibold text-ink">{email}</strong> was asked for longer ago.
        </p>
      }
    >
      <form
        className="space-y-5"
        {...form.to({ path: withNext(path, next), input, pick: () => ({ email }), done: () => leaveFor(screen) })}
      >
        <Notice message={form.message} />
        <input type="hidden" name="email" value={email} />
        <SubmitButton working={form.working !== null}>Send a new code</SubmitButton>
      </form>
      <Ways>
        {purpose !== 'sign-in' && <p>The link in the same email works longer than its code.</p>}
        <p>
          <a href={wrongAddress}>Wrong address?</a>
        </p>
      </Ways>
    </Card>
  )
}
