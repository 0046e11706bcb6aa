'use client'
import { useState } from 'react'
import { leaveFor, type Problem } from '#lib/api-client'
import { ResendForm } from './resend-form.tsx'
import { SubmitButton } from './ui/button.tsx'
import { CodeInput } from './ui/code-input.tsx'
import { Notice } from './ui/notice.tsx'
import { PasswordField } from './ui/password-field.tsx'
import { type FormMessage, useAuthForm } from './use-auth-form.ts'
import { withNext } from './with-next.ts'

interface VerifyFormProps {
  left: FormMessage | null
  purpose: 'verify' | 'sign-in'
  challengeId: string
  email: string
  /** Seconds until another code may be asked for, and since this one was. */
  resendIn: number
  sentAgo: number
  next: string | null
  /** This browser did not choose the password of the sign-up, so the code alone is not enough. */
  asksPassword: boolean
}

/** The code from the email, typed in the browser that asked for it. */
export function VerifyForm({
  left,
  purpose,
  challengeId,
  email,
  resendIn,
  sentAgo,
  next,
  asksPassword,
}: VerifyFormProps) {
  const form = useAuthForm(left)
  // A new code has a new challenge: what is typed from then on answers that one.
  const [newest, setNewest] = useState(challengeId)
  const [passwordToo, setPasswordToo] = useState(asksPassword)

  function askPassword({ code, detail }: Problem) {
    if (code !== 'password_required' || passwordToo) return false
    setPasswordToo(true)
    requestAnimationFrame(() => document.getElementById('password')?.focus())
    form.setMessage({ kind: 'notice', message: detail, at: performance.now() })
    return true
  }

  return (
    <>
      <form
        className="space-y-5"
        {...form.to({
          path: withNext('/auth/verify', next),
          input: 'verify',
          pick: ({ token, password }) => ({ challengeId: newest, token, ...(passwordToo && { password }) }),
          blames: 'token',
          done: () => leaveFor(next ?? '/account'),
          refused: askPassword,
        })}
      >
        <Notice message={form.message} />
        <input type="hidden" name="challengeId" value={newest} />
        <CodeInput digits={6} field={form.field} label="Six-digit code" sendsItself={!passwordToo} />
        {passwordToo && (
          <PasswordField
            {...form.field('password')}
            label="The password chosen at sign-up"
            autoComplete="current-password"
          />
        )}
        <SubmitButton working={form.working !== null}>
          {purpose === 'verify' ? 'Confirm email address' : 'Sign in'}
        </SubmitButton>
      </form>
      <ResendForm
        purpose={purpose}
        email={email}
        next={next}
        resendIn={resendIn}
        sentAgo={sentAgo}
        onSent={setNewest}
      />
    </>
  )
}
