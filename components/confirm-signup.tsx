'use client'
import { type FormEvent, useState } from 'react'
import { leaveFor } from '#lib/api-client'
import { gone } from './link-invalid.tsx'
import type { LinkSecret } from './link-secret.ts'
import { ButtonLink, SubmitButton } from './ui/button.tsx'
import { Card, Ways } from './ui/card.tsx'
import { Checkbox } from './ui/field.tsx'
import { Notice } from './ui/notice.tsx'
import { PasswordField } from './ui/password-field.tsx'
import { useAuthForm } from './use-auth-form.ts'
import { type Preview, ReplacesSession, WhoAsked } from './who-asked.tsx'

export interface ConfirmProps {
  preview: Preview
  secret: LinkSecret
  signedInAs: string | null
  onInvalid: () => void
}

/** The link of a sign-up in a browser that did not sign up: only who knows the password chosen there may go on. */
export function ConfirmSignup({ preview, secret, signedInAs, onInvalid }: ConfirmProps) {
  const form = useAuthForm(null)
  const [rejected, setRejected] = useState(false)
  if (rejected) return <Rejected />
  return (
    <Card
      arrives
      title={`Confirm ${preview.email}?`}
      lead={
        <p>
          Somebody asked for an account with this address from <WhoAsked {...preview} />.
        </p>
      }
    >
      <form
        className="space-y-5"
        {...form.to({
          path: '/auth/verify',
          input: 'verify',
          pick: ({ password, remember }) => ({ ...secret, password, remember }),
          done: () => leaveFor('/account'),
          refused: ({ code }) => gone(code, onInvalid),
        })}
      >
        <Notice message={form.message} />
        <ReplacesSession signedInAs={signedInAs} />
        <PasswordField
          {...form.field('password')}
          label="The password chosen there"
          hint="If it was you, it proves it."
          autoComplete="current-password"
        />
        <Checkbox {...form.field('remember')} label="Keep me signed in" />
        <SubmitButton working={form.working === '/auth/verify'}>Confirm and sign in here</SubmitButton>
      </form>
      <Ways>
        <p>Or go back to the browser where you signed up, and type the code from the same email there.</p>
        <RejectForm secret={secret} onRejected={() => setRejected(true)} onInvalid={onInvalid} />
      </Ways>
    </Card>
  )
}

interface RejectFormProps {
  secret: LinkSecret
  onRejected: () => void
  onInvalid: () => void
}

function RejectForm({ secret, onRejected, onInvalid }: RejectFormProps) {
  const form = useAuthForm(null)
  const target = form.to({
    path: '/auth/verify/reject',
    input: 'reject',
    pick: () => ({ ...secret }),
    done: onRejected,
    refused: ({ code }) => gone(code, onInvalid),
  })
  // Mail scanners press every button they find; few tick a box, and none reads what it says.
  const submit = (event: FormEvent<HTMLFormElement>) => {
    if (form.typed('sure')) return target.onSubmit(event)
    event.preventDefault()
    form.setMessage({ kind: 'failure', message: 'Tick the box first: this cannot be undone.', at: performance.now() })
  }
  return (
    <form className="space-y-3 pt-2" {...target} onSubmit={submit}>
      <Notice message={form.message} />
      <Checkbox {...form.field('sure')} label="I did not sign up: delete it" />
      <SubmitButton tone="danger" working={form.working !== null}>
        This wasn’t me
      </SubmitButton>
    </form>
  )
}

function Rejected() {
  return (
    <Card
      arrives
      title="The sign-up is deleted"
      lead={<p>Whoever it was has no account with your address. There is nothing else to do.</p>}
    >
      <ButtonLink tone="quiet" href="/signup">
        Create an account of your own
      </ButtonLink>
    </Card>
  )
}
