'use client'
import { ButtonLink, SubmitButton } from '#components/ui/button'
import { Card } from '#components/ui/card'

/** Something threw while a page was made. `digest` is what the log calls it. */
export default function ErrorPage({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : null
  return (
    <Card title="Something went wrong" lead={<p role="alert">It is our fault, not yours. Trying again often helps.</p>}>
      <div className="space-y-3">
        <SubmitButton type="button" onClick={retry}>
          Try again
        </SubmitButton>
        <ButtonLink href="/" tone="quiet">
          Go to the front hall
        </ButtonLink>
      </div>
      {digest && (
        <p className="text-base text-soft">
          If you report it, this number helps: <code>{digest}</code>
        </p>
      )}
    </Card>
  )
}
