'use client'
import { useEffect, useRef, useState } from 'react'
import { leaveFor, type Problem, post } from '#lib/api-client'
import { ConfirmSignin } from './confirm-signin.tsx'
import { ConfirmSignup } from './confirm-signup.tsx'
import { LinkInvalid } from './link-invalid.tsx'
import { type LinkSecret, takeLinkSecret } from './link-secret.ts'
import { SubmitButton } from './ui/button.tsx'
import { Card } from './ui/card.tsx'
import { Notice } from './ui/notice.tsx'
import type { FormMessage } from './use-auth-form.ts'
import type { Preview } from './who-asked.tsx'

interface MagicLinkProps {
  left: FormMessage | null
  /** The address this browser is signed in with, if it is. */
  signedInAs: string | null
  /** Whether this browser waits for a code, and where it goes afterwards. */
  pending: { challengeId: string; next: string | null } | null
}

type Stage =
  | { name: 'opening' }
  | { name: 'invalid' }
  | { name: 'ask'; preview: Preview; secret: LinkSecret }
  | { name: 'stuck'; problem: Problem }

/** Where the link of an email lands. The browser that asked goes straight on; every other one is asked first. */
export function MagicLink({ left, signedInAs, pending }: MagicLinkProps) {
  const [stage, setStage] = useState<Stage>({ name: 'opening' })
  const started = useRef(false)
  const next = (secret: LinkSecret) => (pending?.challengeId === secret.challengeId ? pending.next : null)

  async function open() {
    setStage({ name: 'opening' })
    const secret = takeLinkSecret()
    setStage(secret ? await follow(secret, next(secret)) : { name: 'invalid' })
  }
  useEffect(() => {
    // A link works once: the second mount of development must not spend it again.
    if (started.current) return
    started.current = true
    void open()
  })

  if (stage.name === 'invalid') return <LinkInvalid left={left} signedInAs={signedInAs} waiting={pending !== null} />
  if (stage.name === 'opening') return <Opening left={left} />
  if (stage.name === 'stuck') return <Stuck problem={stage.problem} again={open} />
  const Confirm = stage.preview.purpose === 'sign-in' ? ConfirmSignin : ConfirmSignup
  return (
    <Confirm
      preview={stage.preview}
      secret={stage.secret}
      signedInAs={signedInAs}
      onInvalid={() => setStage({ name: 'invalid' })}
    />
  )
}

/** Asks what the link is for; in the browser that asked, uses it at once. */
async function follow(secret: LinkSecret, next: string | null): Promise<Stage> {
  const previewed = await post<Preview>('/auth/verify/preview', secret)
  if (!previewed.ok) return refused(previewed.problem)
  const preview = previewed.value
  if (preview.purpose === 'reset') return leaveFor(`/reset/new#c=${secret.challengeId}&t=${secret.token}`)
  if (preview.device === 'other') return { name: 'ask', preview, secret }
  const verified = await post('/auth/verify', secret)
  if (verified.ok) return leaveFor(next ?? '/account')
  const asks = verified.problem.code === 'password_required' || verified.problem.code === 'confirmation_required'
  return asks ? { name: 'ask', preview, secret } : refused(verified.problem)
}

function refused(problem: Problem): Stage {
  const invalid = problem.code === 'challenge_invalid' || problem.code === 'invalid_input'
  return invalid ? { name: 'invalid' } : { name: 'stuck', problem }
}

/** As many words as any card that may follow, so that the largest paint is the server's (docs/decisions/0052). */
function Opening({ left }: { left: FormMessage | null }) {
  return (
    <Card
      title="Your link"
      lead={
        <p role="status" className="noscript:hidden">
          One moment: we are checking the link that you came by. In the browser where you asked for it, it takes you
          straight on; in any other one you are asked first. It works once, and only for a while.
        </p>
      }
    >
      <Notice message={left} />
      <noscript>
        <p>
          Without JavaScript, type the code instead: the same email has one. <a href="/verify">Type the code</a> in the
          browser where you asked for it.
        </p>
      </noscript>
    </Card>
  )
}

function Stuck({ problem, again }: { problem: Problem; again: () => Promise<void> }) {
  return (
    <Card arrives title="The link could not be checked">
      <Notice message={{ kind: 'failure', message: problem.detail }} />
      <SubmitButton type="button" onClick={() => void again()}>
        Try again
      </SubmitButton>
    </Card>
  )
}
