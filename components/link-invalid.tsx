import { ButtonLink, SubmitButton } from './ui/button.tsx'
import { Card } from './ui/card.tsx'
import { Notice } from './ui/notice.tsx'
import type { FormMessage } from './use-auth-form.ts'

interface LinkInvalidProps {
  left: FormMessage | null
  signedInAs: string | null
  /** Whether this browser asked for an email, and can ask again. */
  waiting: boolean
}

/** Wrong, expired or used: the server does not tell which, so the ways on fit them all. */
export function LinkInvalid({ left, signedInAs, waiting }: LinkInvalidProps) {
  return (
    <Card
      arrives
      title="This link no longer works"
      lead={<p>It has expired or was already used, or a part of it got lost. Links work once, and only for a while.</p>}
    >
      <Notice message={left} />
      {signedInAs === null ? (
        <div className="space-y-3">
          {waiting && <ButtonLink href="/verify">Send a new one</ButtonLink>}
          <ButtonLink href="/signin" tone={waiting ? 'quiet' : 'primary'}>
            Sign in, or ask for a new link
          </ButtonLink>
          <ButtonLink href="/signup" tone="quiet">
            Create account
          </ButtonLink>
        </div>
      ) : (
        <>
          <p>
            You are signed in as <strong className="break-words">{signedInAs}</strong>.
          </p>
          <div className="space-y-3">
            <ButtonLink href="/account">Go to your account</ButtonLink>
            <form method="post" action="/auth/signout">
              <SubmitButton tone="quiet">Sign out</SubmitButton>
            </form>
          </div>
        </>
      )}
    </Card>
  )
}

/** A link that is no longer good is another screen, not a mistake in a field. */
export function gone(code: string, onInvalid: () => void): boolean {
  if (code !== 'challenge_invalid') return false
  onInvalid()
  return true
}
