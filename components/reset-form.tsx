'use client'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { post } from '#lib/api-client'
import { ExpiredCode } from './expired-code.tsx'
import { type LinkSecret, takeLinkSecret } from './link-secret.ts'
import { NewPasswordForm, WHAT_A_CHANGE_DOES } from './new-password-form.tsx'
import { ButtonLink } from './ui/button.tsx'
import { Card } from './ui/card.tsx'
import { Notice } from './ui/notice.tsx'
import type { FormMessage } from './use-auth-form.ts'
import type { Preview } from './who-asked.tsx'

export interface PendingReset {
  challengeId: string
  email: string
  /** Its code can no longer be typed. */
  expired: boolean
  /** Seconds until another mail may be asked for, and since the last one was. */
  resendIn: number
  sentAgo: number
}

interface ResetFormProps {
  left: FormMessage | null
  /** What this browser asked for, if it did: then the code from the email may be typed here. */
  pending: PendingReset | null
  passwordMinLength: number
  /** Shown below while the email is waited for. A link has come by it, and what stayed would move up with its form. */
  children: ReactNode
}

type Stage =
  | { name: 'opening' }
  | { name: 'code' }
  | { name: 'expired' }
  | { name: 'link'; secret: LinkSecret; email: string | null }
  | { name: 'invalid' }
  | { name: 'nothing' }

/** The new password, by the link of the email in any browser or by its code in the one that asked. */
export function ResetForm({ left, pending, passwordMinLength, children }: ResetFormProps) {
  const [stage, setStage] = useState<Stage>(firstStage(pending))
  const started = useRef(false)
  useEffect(() => {
    if (started.current) return
    started.current = true
    const secret = takeLinkSecret()
    if (secret) void follow(secret).then(setStage)
    else if (!pending) setStage({ name: 'nothing' })
  })

  if (stage.name === 'invalid') return <Invalid />
  if (stage.name === 'nothing') return <Nothing left={left} />
  if (stage.name === 'opening') return <Opening left={left} />
  if (stage.name === 'expired')
    return <ExpiredCode left={left} purpose="reset" email={pending?.email ?? ''} next={null} />
  const known = stage.name === 'link' ? { secret: stage.secret, email: stage.email } : null
  return (
    <>
      <NewPasswordForm
        // The code's form and the link's form are two forms: nothing typed into the one may be sent by the other.
        key={stage.name}
        left={left}
        link={known}
        pending={pending}
        passwordMinLength={passwordMinLength}
        onInvalid={() => setStage({ name: 'invalid' })}
      />
      {!known && children}
    </>
  )
}

/** What is shown until it is known whether the page was opened by a link, and what stays when it was not. */
function firstStage(pending: PendingReset | null): Stage {
  if (pending === null) return { name: 'opening' }
  return { name: pending.expired ? 'expired' : 'code' }
}

/** Shows whose password it is about to be. A server too busy to say so does not stop the form: submitting is the act. */
async function follow(secret: LinkSecret): Promise<Stage> {
  const previewed = await post<Preview>('/auth/verify/preview', secret)
  if (previewed.ok) return { name: 'link', secret, email: previewed.value.email }
  const { code } = previewed.problem
  const invalid = code === 'challenge_invalid' || code === 'invalid_input'
  return invalid ? { name: 'invalid' } : { name: 'link', secret, email: null }
}

function Invalid() {
  return (
    <Card
      arrives
      title="This link no longer works"
      lead={<p>It has expired or was already used. Your password is what it was before.</p>}
    >
      <div className="space-y-3">
        <ButtonLink href="/reset">Send a new one</ButtonLink>
        <ButtonLink href="/signin" tone="quiet">
          Sign in
        </ButtonLink>
      </div>
    </Card>
  )
}

function Nothing({ left }: { left: FormMessage | null }) {
  return (
    <Card
      arrives
      title="Choose a new password"
      lead="Open the link in the email on this device. The code from it works only in the browser that asked for it, and not for long."
    >
      <Notice message={left} />
      <div className="space-y-3">
        <ButtonLink href="/reset">Send a new email</ButtonLink>
        <ButtonLink href="/signin" tone="quiet">
          Sign in
        </ButtonLink>
      </div>
    </Card>
  )
}

/** As many words as any card that may follow, so that the largest paint is the server's (docs/decisions/0052). */
function Opening({ left }: { left: FormMessage | null }) {
  return (
    <Card
      title="Choose a new password"
      lead={
        <p role="status" className="noscript:hidden">
          One moment: we are checking the link that you came by. {WHAT_A_CHANGE_DOES}
        </p>
      }
    >
      <Notice message={left} />
      <noscript>
        <p>
          Without JavaScript, type the code from the email in the browser where you asked for it.{' '}
          <a href="/reset">Ask for an email</a>
        </p>
      </noscript>
    </Card>
  )
}
