'use client'
import { useState } from 'react'
import { leaveFor } from '#lib/api-client'
import { PasswordStrength } from './password-strength.tsx'
import { SubmitButton } from './ui/button.tsx'
import { Notice } from './ui/notice.tsx'
import { PasswordField } from './ui/password-field.tsx'
import { type FormMessage, useAuthForm } from './use-auth-form.ts'

interface ChangePasswordFormProps {
  left: FormMessage | null
  /** Of whoever is signed in. */
  email: string
  passwordMinLength: number
}

export function ChangePasswordForm({ left, email, passwordMinLength }: ChangePasswordFormProps) {
  const form = useAuthForm(left)
  const [password, setPassword] = useState('')
  return (
    <form
      className="space-y-5"
      {...form.to({
        path: '/auth/password/change',
        input: 'changePassword',
        done: () => leaveFor('/account?after=change'),
        // The session ended meanwhile: this page now says where to go.
        refused: ({ code }) => code === 'not_signed_in' && leaveFor('/account/password'),
      })}
    >
      <Notice message={form.message} />
      {/* A password manager files the new password under it. */}
      <input type="text" autoComplete="username" value={email} readOnly hidden />
      <PasswordField {...form.field('currentPassword')} label="Current password" autoComplete="current-password" />
      <div>
        <PasswordField
          {...form.field('password', { onChange: (event) => setPassword(event.target.value) })}
          label="New password"
          hint={`At least ${passwordMinLength} characters. A few unrelated words make a good one.`}
          autoComplete="new-password"
        />
        <PasswordStrength password={password} minLength={passwordMinLength} email={email} />
      </div>
      <SubmitButton working={form.working !== null}>Change password</SubmitButton>
    </form>
  )
}
