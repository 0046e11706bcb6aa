'use client'
import { type ReactNode, useRef } from 'react'
import { leaveFor } from '#lib/api-client'
import { SubmitButton } from './ui/button.tsx'
import { Checkbox } from './ui/field.tsx'
import { Notice } from './ui/notice.tsx'
import { PasswordField } from './ui/password-field.tsx'
import { type FormMessage, useAuthForm } from './use-auth-form.ts'

interface EndSessionsFormProps {
  left: FormMessage | null
  /** Of whoever is signed in. */
  email: string
  others: { id: string; name: string; about: ReactNode }[]
}

export function EndSessionsForm({ left, email, others }: EndSessionsFormProps) {
  const form = useAuthForm(left)
  const list = useRef<HTMLUListElement>(null)
  // One field to the form, whatever the number of boxes: the first is focused when something is wrong with them.
  const { ref: first, error, ...box } = form.field('sessionIds')
  return (
    <form
      className="space-y-5"
      {...form.to<{ ended: number }>({
        path: '/auth/sessions/end',
        input: 'endSessions',
        pick: ({ currentPassword }) => ({ sessionIds: ticked(list.current), currentPassword }),
        done: ({ ended }) => leaveFor(`/account/sessions?ended=${ended}`),
        // The session ended meanwhile: this page now says where to go.
        refused: ({ code }) => code === 'not_signed_in' && leaveFor('/account/sessions'),
      })}
    >
      <Notice message={form.message} />
      <fieldset>
        <legend className="mb-2 text-base text-soft">Other browsers</legend>
        <ul ref={list} className="space-y-4">
          {others.map(({ id, name, about }, index) => (
            <li key={id}>
              <Checkbox
                {...box}
                {...(index === 0 && { ref: first })}
                id={`session-${id}`}
                value={id}
                label={name}
                aria-invalid={error ? true : undefined}
                aria-describedby={`about-${id} sessions-error`}
              />
              <div id={`about-${id}`} className="pl-8 text-base text-soft">
                {about}
              </div>
            </li>
          ))}
        </ul>
        <p id="sessions-error" aria-live="polite" className="text-base text-danger not-empty:mt-2">
          {error}
        </p>
      </fieldset>
      {/* A password manager knows by it which password to fill in. */}
      <input type="text" autoComplete="username" value={email} readOnly hidden />
      <PasswordField {...form.field('currentPassword')} label="Current password" autoComplete="current-password" />
      <SubmitButton working={form.working !== null}>Sign out the chosen</SubmitButton>
    </form>
  )
}

const ticked = (list: HTMLElement | null) =>
  [...(list?.querySelectorAll<HTMLInputElement>('input:checked') ?? [])].map(({ value }) => value)
