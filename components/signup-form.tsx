'use client'
import { useState } from 'react'
import { leaveFor } from '#lib/api-client'
import { PasswordStrength } from './password-strength.tsx'
import { SubmitButton } from './ui/button.tsx'
import { Field } from './ui/field.tsx'
import { Notice } from './ui/notice.tsx'
import { PasswordField } from './ui/password-field.tsx'
import { type FormMessage, useAuthForm } from './use-auth-form.ts'
import { withNext } from './with-next.ts'

interface SignupFormProps {
  left: FormMessage | null
  email: string | undefined
  next: string | null
  passwordMinLength: number
}

export function SignupForm({ left, email, next, passwordMinLength }: SignupFormProps) {
  const form = useAuthForm(left)
  const [password, setPassword] = useState('')
  return (
    <form
      className="space-y-5"
      {...form.to({ path: withNext('/auth/signup', next), input: 'signup', done: () => leaveFor('/verify') })}
    >
      <Notice message={form.message} />
      <Field
        {...form.field('email')}
        label="Email address"
        type="email"
        autoComplete="username"
        inputMode="email"
        defaultValue={email}
        required
      />
      <div>
        <PasswordField
          {...form.field('password', { onChange: (event) => setPassword(event.target.value) })}
          label="Password"
          hint={`At least ${passwordMinLength} characters. A few unrelated words make a good one.`}
          autoComplete="new-password"
        />
        <PasswordStrength password={password} minLength={passwordMinLength} email={form.typed('email')} />
      </div>
      <SubmitButton working={form.working !== null}>Create account</SubmitButton>
    </form>
  )
}
