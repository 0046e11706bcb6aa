'use client'
import { leaveFor } from '#lib/api-client'
import type { ConfirmProps } from './confirm-signup.tsx'
import { gone } from './link-invalid.tsx'
import { SubmitButton } from './ui/button.tsx'
import { Card, Ways } from './ui/card.tsx'
import { Checkbox } from './ui/field.tsx'
import { Notice } from './ui/notice.tsx'
import { useAuthForm } from './use-auth-form.ts'
import { ReplacesSession, WhoAsked } from './who-asked.tsx'

/** The link of a sign-in on another device: a press of a button, because mail scanners open links and press nothing. */
export function ConfirmSignin({ preview, secret, signedInAs, onInvalid }: ConfirmProps) {
  const form = useAuthForm(null)
  return (
    <Card
      arrives
      title="Sign in on this device?"
      lead={
        <p>
          The link was asked for from <WhoAsked {...preview} />.
        </p>
      }
    >
      <form
        className="space-y-5"
        {...form.to({
          path: '/auth/verify',
          input: 'verify',
          pick: ({ remember }) => ({ ...secret, remember, confirm: true }),
          done: () => leaveFor('/account'),
          refused: ({ code }) => gone(code, onInvalid),
        })}
      >
        <Notice message={form.message} />
        <ReplacesSession signedInAs={signedInAs} />
        <Checkbox {...form.field('remember')} label="Keep me signed in" />
        <SubmitButton working={form.working !== null}>Sign in on this device as {preview.email}</SubmitButton>
      </form>
      <Ways>
        <p>To sign in on the other device instead, type the code from the same email there.</p>
        <p>It wasn’t you who asked? Close this page. Nothing happens without the button.</p>
      </Ways>
    </Card>
  )
}
