'use client'
import { leaveFor } from '#lib/api-client'
import { SubmitButton } from './ui/button.tsx'
import { Field } from './ui/field.tsx'
import { Notice } from './ui/notice.tsx'
import { type FormMessage, useAuthForm } from './use-auth-form.ts'

export function ResetRequestForm({ left, email }: { left: FormMessage | null; email: string | undefined }) {
  const form = useAuthForm(left)
  return (
    <form
      className="space-y-5"
      {...form.to({
        path: '/auth/password/reset/request',
        input: 'requestReset',
        done: () => leaveFor('/reset/new'),
      })}
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
      <SubmitButton working={form.working !== null}>Email me a reset link</SubmitButton>
    </form>
  )
}
