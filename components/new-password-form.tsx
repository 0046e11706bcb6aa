'use client'
import { useState } from 'react'
import { leaveFor } from '#lib/api-client'
import { gone } from './link-invalid.tsx'
import type { LinkSecret } from './link-secret.ts'
import { PasswordStrength } from './password-strength.tsx'
import { ResendForm } from './resend-form.tsx'
import type { PendingReset } from './reset-form.tsx'
import { SubmitButton } from './ui/button.tsx'
import { Card } from './ui/card.tsx'
import { CodeInput } from './ui/code-input.tsx'
import { Field } from './ui/field.tsx'
import { Notice } from './ui/notice.tsx'
import { PasswordField } from './ui/password-field.tsx'
import { type FormMessage, useAuthForm } from './use-auth-form.ts'

interface NewPasswordFormProps {
  left: FormMessage | null
  /** Came by link; the address is masked, or null when it could not be asked for. Without a link, the code is typed. */
  link: { secret: LinkSecret; email: string | null } | null
  pending: PendingReset | null
  passwordMinLength: number
  onInvalid: () => void
}

export function NewPasswordForm({ left, link, pending, passwordMinLength, onInvalid }: NewPasswordFormProps) {
  const form = useAuthForm(left)
  const [password, setPassword] = useState('')
  const [newest, setNewest] = useState(pending?.challengeId ?? '')
  // The address in full, where this browser knows it: a password manager files the new password under it.
  const username = link === null || link.secret.challengeId === newest ? pending?.email : undefined
  return (
    <Card title="Choose a new password" lead={link ? WHAT_A_CHANGE_DOES : <CodeLead email={pending?.email ?? ''} />}>
      <form
        className="space-y-5"
        {...form.to({
          path: '/auth/password/reset',
          input: 'reset',
          pick: ({ token, password }) => ({ ...(link?.secret ?? { challengeId: newest, token }), password }),
          blames: 'token',
          done: () => leaveFor('/signin?after=reset'),
          refused: ({ code }) => link !== null && gone(code, onInvalid),
        })}
      >
        <Notice message={form.message} />
        <input type="hidden" name="challengeId" value={link?.secret.challengeId ?? newest} />
        {link ? <ByLink {...link} /> : <CodeInput digits={8} field={form.field} label="Eight-digit code" />}
        {username && <input type="text" autoComplete="username" value={username} readOnly hidden />}
        <div>
          <PasswordField
            {...form.field('password', { onChange: (event) => setPassword(event.target.value) })}
            label="New password"
            hint={`At least ${passwordMinLength} characters.`}
            autoComplete="new-password"
          />
          <PasswordStrength password={password} minLength={passwordMinLength} email={pending?.email ?? ''} />
        </div>
        <SubmitButton working={form.working !== null}>Change password</SubmitButton>
      </form>
      {!link && pending && <ResendForm {...pending} purpose="reset" next={null} onSent={setNewest} />}
    </Card>
  )
}

export const WHAT_A_CHANGE_DOES =
  'Every device is signed out when the password changes, this one too. Sign in with the new one then.'

function CodeLead({ email }: { email: string }) {
  return (
    <p>
      If <strong className="break-words font-semibold text-ink">{email}</strong> has an account, a code is on its way.
      Type it here, in the browser that asked; the link in the same email works anywhere.
    </p>
  )
}

/** As tall as the code field it stands for, so that nothing moves when the link has been read. */
function ByLink({ secret, email }: { secret: LinkSecret; email: string | null }) {
  return (
    <>
      <input type="hidden" name="token" value={secret.token} />
      <Field
        name=""
        id="account"
        label="Account"
        value={email ?? 'the one the email was sent to'}
        readOnly
        autoComplete="off"
      />
    </>
  )
}
