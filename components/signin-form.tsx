'use client'
import { leaveFor } from '#lib/api-client'
import { SubmitButton } from './ui/button.tsx'
import { Checkbox, Field } from './ui/field.tsx'
import { Notice } from './ui/notice.tsx'
import { PasswordField } from './ui/password-field.tsx'
import { type FormMessage, type Target, useAuthForm } from './use-auth-form.ts'
import { withNext } from './with-next.ts'

interface SigninFormProps {
  left: FormMessage | null
  email: string | undefined
  next: string | null
}

/** Two doors: the password, or a link by mail for the address typed above it. */
export function SigninForm({ left, email, next }: SigninFormProps) {
  const form = useAuthForm(left)
  const byPassword: Target<unknown> = {
    path: withNext('/auth/signin', next),
    input: 'signin',
    done: () => leaveFor(next ?? '/account'),
    refused: ({ challengeId }) => challengeId !== undefined && leaveFor(withNext('/verify', next)),
  }
  const byLink: Target<unknown> = {
    path: withNext('/auth/signin/request', next),
    input: 'requestSignin',
    pick: ({ email, remember }) => ({ email, remember }),
    done: () => leaveFor('/verify'),
  }
  return (
    <>
      <form className="space-y-5" {...form.to(byPassword)}>
        <Notice message={form.message} />
        <EmailField {...form.field('email')} defaultValue={email} />
        <PasswordField {...form.field('password')} label="Password" autoComplete="current-password" />
        <Checkbox {...form.field('remember')} label="Keep me signed in" />
        <SubmitButton working={form.working === byPassword.path}>Sign in</SubmitButton>
      </form>
      <form className="space-y-5" {...form.to(byLink)}>
        <Divider />
        {/* With JavaScript the address comes from the form above. */}
        <noscript>
          <EmailField name="email" id="link-email" defaultValue={email} />
        </noscript>
        <SubmitButton tone="quiet" working={form.working === byLink.path}>
          Email me a link
        </SubmitButton>
      </form>
    </>
  )
}

function EmailField(field: { name: string; id?: string; defaultValue: string | undefined }) {
  return <Field {...field} label="Email address" type="email" autoComplete="username" inputMode="email" required />
}

function Divider() {
  return (
    <p className="flex items-center gap-4 text-base text-soft before:h-px before:flex-1 before:bg-edge after:h-px after:flex-1 after:bg-edge">
      or without a password
    </p>
  )
}
